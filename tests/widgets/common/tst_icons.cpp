#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QImage>
#include <QTest>

using namespace atomnet;

namespace
{

QImage drawn(const QIcon &icon, QIcon::Mode mode = QIcon::Normal)
{
    return icon.pixmap(QSize(24, 24), mode).toImage().convertToFormat(QImage::Format_ARGB32);
}

/// Mean lightness of the opaque pixels; -1 when there is none.
double lightness(const QImage &image)
{
    double sum = 0;
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor color = image.pixelColor(x, y);
            if (color.alpha() < 128) continue;
            sum += double(color.lightnessF());
            ++count;
        }
    }
    return count ? sum / count : -1;
}

} // namespace

class TestIcons : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { ThemeManager::instance().setMode(ThemeMode::System); }

    void everyIconDrawsSomething()
    {
        const QStringList names = iconNames();
        QVERIFY(names.size() >= 30);
        for (const QString &name : names) {
            const QIcon one = icon(name);
            QVERIFY2(!one.isNull(), qPrintable(name));
            QVERIFY2(lightness(drawn(one)) >= 0, qPrintable(name));
        }
    }

    void iconFollowsTheThemeByItself()
    {
        ThemeManager::instance().setMode(ThemeMode::Light);
        const QIcon save = icon(QStringLiteral("save"));
        QVERIFY(lightness(drawn(save)) < 0.4);
        ThemeManager::instance().setMode(ThemeMode::Dark);
        QVERIFY(lightness(drawn(save)) > 0.6);
    }

    void blockKindsKeepTheirColour()
    {
        ThemeManager::instance().setMode(ThemeMode::Light);
        const QIcon sep = icon(QStringLiteral("block-sep"));
        const QImage light = drawn(sep);
        ThemeManager::instance().setMode(ThemeMode::Dark);
        QCOMPARE(drawn(sep), light);
    }

    void disabledIsFainter()
    {
        ThemeManager::instance().setMode(ThemeMode::Light);
        const QIcon undo = icon(QStringLiteral("undo"));
        QVERIFY(lightness(drawn(undo, QIcon::Disabled)) > lightness(drawn(undo)) + 0.2);
    }
};

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
