#include "widgets/common/theme.h"

#include <QApplication>
#include <QSignalSpy>
#include <QStyle>
#include <QTest>

#include <array>
#include <cmath>

using namespace atomnet;

namespace
{

struct Linear {
    double r, g, b;
};

double toLinear(double v)
{
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

/// CIE L*a*b* from linear sRGB, D65.
std::array<double, 3> toLab(const Linear &c)
{
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116.0; };
    const double x = f((0.4124 * c.r + 0.3576 * c.g + 0.1805 * c.b) / 0.9505);
    const double y = f(0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b);
    const double z = f((0.0193 * c.r + 0.1192 * c.g + 0.9505 * c.b) / 1.089);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// How a person without the red (or green) cones sees a colour, after Vienot, Brettel and Mollon
/// (1999).
Linear seen(const QColor &color, const QString &eyes)
{
    const Linear c{toLinear(color.redF()), toLinear(color.greenF()), toLinear(color.blueF())};
    if (eyes == QLatin1String("protan"))
        return {0.11238 * c.r + 0.88762 * c.g, 0.11238 * c.r + 0.88762 * c.g,
                0.00401 * c.r - 0.00401 * c.g + c.b};
    if (eyes == QLatin1String("deutan"))
        return {0.29275 * c.r + 0.70725 * c.g, 0.29275 * c.r + 0.70725 * c.g,
                -0.02234 * c.r + 0.02234 * c.g + c.b};
    return c;
}

double distance(const QColor &a, const QColor &b, const QString &eyes)
{
    const auto la = toLab(seen(a, eyes)), lb = toLab(seen(b, eyes));
    return std::sqrt(std::pow(la[0] - lb[0], 2) + std::pow(la[1] - lb[1], 2) +
                     std::pow(la[2] - lb[2], 2));
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup()
    {
        ThemeManager::instance().setMode(ThemeMode::System);
        QApplication::setPalette(QPalette());
    }

    void contrastOfKnownPairs()
    {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        QVERIFY(std::abs(contrastRatio(QColor(0x777777), Qt::white) - 4.48) < 0.01);
    }

    void textIsReadable_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void textIsReadable()
    {
        QFETCH(bool, dark);
        const Theme t = dark ? darkTheme() : lightTheme();
        for (const QColor &back : {t.base, t.window}) {
            QVERIFY(contrastRatio(t.text, back) >= 7);
            QVERIFY(contrastRatio(t.mutedText, back) >= 4.5);
            for (const Fit fit : {Fit::Within, Fit::Tight, Fit::Over, Fit::Unknown, Fit::NoLimit})
                QVERIFY2(contrastRatio(t.of(fit), back) >= 4.5, qPrintable(toString(fit)));
        }
        QVERIFY(contrastRatio(t.limitLine, t.base) >= 3);
        const QPalette p = t.palette();
        QVERIFY(contrastRatio(p.color(QPalette::ButtonText), p.color(QPalette::Button)) >= 4.5);
        QVERIFY(contrastRatio(p.color(QPalette::HighlightedText), p.color(QPalette::Highlight)) >=
                4.5);
        QVERIFY(contrastRatio(p.color(QPalette::ToolTipText), p.color(QPalette::ToolTipBase)) >=
                4.5);
        QCOMPARE(p.color(QPalette::Window).lightnessF() < 0.5f, dark);
    }

    void coloursOfOneChartDiffer_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QString>("eyes");
        for (const char *eyes : {"all cones", "protan", "deutan"}) {
            QTest::addRow("light, %s", eyes) << false << QString::fromLatin1(eyes);
            QTest::addRow("dark, %s", eyes) << true << QString::fromLatin1(eyes);
        }
    }
    void coloursOfOneChartDiffer()
    {
        QFETCH(bool, dark);
        QFETCH(QString, eyes);
        const Theme t = dark ? darkTheme() : lightTheme();
        const QList<QList<QColor>> families{
            {t.conv, t.sep, t.convnext, t.mbconv, t.head},
            {t.sramInput, t.sramOutput, t.sramHeld, t.sramPad, t.sramScratch},
            {t.fitWithin, t.fitTight, t.fitOver},
            {t.flashWeights, t.flashCode}};
        for (const QList<QColor> &family : families) {
            for (qsizetype i = 0; i < family.size(); ++i) {
                for (qsizetype j = i + 1; j < family.size(); ++j) {
                    const double far = distance(family[i], family[j], eyes);
                    QVERIFY2(far > 12, qPrintable(QStringLiteral("%1 and %2: %3")
                                                      .arg(family[i].name(), family[j].name())
                                                      .arg(far)));
                }
            }
        }
    }

    void sourcesDifferByPattern()
    {
        const Theme t = lightTheme();
        QCOMPARE(t.fill(t.accent, Source::Measured).style(), Qt::SolidPattern);
        QVERIFY(t.fill(t.accent, Source::Estimated).style() != Qt::SolidPattern);
        QVERIFY(t.fill(t.accent, Source::Estimated).style() != Qt::NoBrush);
        QCOMPARE(t.fill(t.accent, Source::Missing).style(), Qt::NoBrush);
    }

    void eachBlockKindHasItsColour()
    {
        const Theme t = lightTheme();
        QCOMPARE(t.of(BlockType::Conv), t.conv);
        QCOMPARE(t.of(BlockType::Sep), t.sep);
        QCOMPARE(t.of(BlockType::ConvNext), t.convnext);
        QCOMPARE(t.of(BlockType::MbConv), t.mbconv);
    }

    void modeAppliesPaletteAndTells()
    {
        ThemeManager &manager = ThemeManager::instance();
        manager.setMode(ThemeMode::Light);
        QSignalSpy spy(&manager, &ThemeManager::themeChanged);
        manager.setMode(ThemeMode::Dark);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(manager.mode(), ThemeMode::Dark);
        QVERIFY(manager.theme().dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), darkTheme().window);
        QCOMPARE(QApplication::style()->name().toLower(), QStringLiteral("fusion"));
        manager.setMode(ThemeMode::Dark);
        QCOMPARE(spy.count(), 1); // nothing new to say
        manager.setMode(ThemeMode::Light);
        QCOMPARE(spy.count(), 2);
        QCOMPARE(QApplication::palette().color(QPalette::Base), lightTheme().base);
    }

    void systemModeGivesTheDesktopsPaletteBack()
    {
        ThemeManager &manager = ThemeManager::instance();
        const QColor before = QApplication::palette().color(QPalette::Window);
        const QString style = QApplication::style()->name();
        manager.setMode(ThemeMode::Dark);
        QVERIFY(QApplication::palette().color(QPalette::Window) != before);
        manager.setMode(ThemeMode::System);
        QCOMPARE(QApplication::palette().color(QPalette::Window), before);
        QCOMPARE(QApplication::style()->name(), style);
    }

    void systemModeFollowsTheDesktopLive()
    {
        ThemeManager &manager = ThemeManager::instance();
        QVERIFY(!manager.theme().dark);
        QSignalSpy spy(&manager, &ThemeManager::themeChanged);
        QPalette night = QApplication::palette();
        night.setColor(QPalette::Window, QColor(0x202020));
        night.setColor(QPalette::Base, QColor(0x181818));
        night.setColor(QPalette::Text, QColor(0xf0f0f0));
        QApplication::setPalette(night);
        QTRY_COMPARE(spy.count(), 1);
        QVERIFY(manager.theme().dark);
        QCOMPARE(manager.theme().base, QColor(0x181818)); // the desktop's own, as it reads well
        QApplication::setPalette(QPalette());
        QTRY_VERIFY(!manager.theme().dark);
    }

    void chosenModeIgnoresTheDesktop()
    {
        ThemeManager &manager = ThemeManager::instance();
        manager.setMode(ThemeMode::Light);
        QPalette night = QApplication::palette();
        night.setColor(QPalette::Window, QColor(0x202020));
        QApplication::setPalette(night);
        QCoreApplication::sendPostedEvents();
        QVERIFY(!manager.theme().dark);
    }

    void unreadableDesktopColoursAreNotTaken()
    {
        QPalette bad;
        bad.setColor(QPalette::Window, QColor(0xdddddd));
        bad.setColor(QPalette::Base, QColor(0xcccccc));
        bad.setColor(QPalette::Text, QColor(0x999999));
        QCOMPARE(themeFor(bad), lightTheme());
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
