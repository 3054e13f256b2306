#include "widgets/dashboards/search/limit_row.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

/// One limit, by slider, field and buttons.
class TestLimitRow : public QObject
{
    Q_OBJECT

    std::unique_ptr<QWidget> m_window;
    LimitRow *m_row = nullptr;

    template <class T>
    T *part(const char *name) const
    {
        return m_window->findChild<T *>(QString::fromLatin1(name));
    }

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<QWidget>();
        m_row = new LimitRow(Figure::Sram, m_window.get());
        auto *layout = new QHBoxLayout(m_window.get());
        for (QWidget *widget : m_row->widgets())
            layout->addWidget(widget);
        m_row->setRange({64 * 1024, 1024 * 1024});
        m_window->resize(500, 40);
        m_window->show();
    }

    void thePositionIsLogarithmic()
    {
        auto *slider = part<MarkedSlider>("sramSlider");
        QCOMPARE(slider->figureAt(0), 64 * 1024);
        QCOMPARE(slider->figureAt(MarkedSlider::steps), 1024 * 1024);
        QCOMPARE(slider->figureAt(MarkedSlider::steps / 2), 256 * 1024);
        for (int position = 0; position <= MarkedSlider::steps; position += 7)
            QCOMPARE(slider->positionOf(slider->figureAt(position)), position);
        QCOMPARE(slider->positionOf(1), 0);
        QCOMPARE(slider->positionOf(1LL << 40), MarkedSlider::steps);
    }

    void draggingTheSliderSetsTheLimit()
    {
        QSignalSpy changed(m_row, &LimitRow::changed), settled(m_row, &LimitRow::settled);
        auto *slider = part<MarkedSlider>("sramSlider");
        QVERIFY(!m_row->limit());
        QCOMPARE(slider->value(), MarkedSlider::steps); // off: the far right
        const QPoint right(slider->width() - 6, slider->height() / 2);
        QTest::mousePress(slider, Qt::LeftButton, {}, right);
        for (int x = right.x(); x >= slider->width() / 2; x -= 10)
            QTest::mouseMove(slider, {x, right.y()});
        QVERIFY(m_row->limit().has_value());
        QVERIFY(*m_row->limit() > 100 * 1024 && *m_row->limit() < 600 * 1024);
        QVERIFY(changed.size() > 3);
        QVERIFY(settled.isEmpty());
        QTest::mouseRelease(slider, Qt::LeftButton, {}, {slider->width() / 2, right.y()});
        QCOMPARE(settled.size(), 1);
        QVERIFY(part<QCheckBox>("sramLimited")->isChecked());
    }

    void theFieldTakesKibAndNoneIsNoLimit()
    {
        auto *field = part<QDoubleSpinBox>("sramLimit");
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("320"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(m_row->limit(), std::optional<qint64>(320 * 1024));
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("0"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!m_row->limit());
        QCOMPARE(field->text(), QStringLiteral("none"));
        part<QCheckBox>("sramLimited")->click(); // it is remembered
        QCOMPARE(m_row->limit(), std::optional<qint64>(320 * 1024));
    }

    void exactBytesStayExact()
    {
        m_row->setLimit(155'238);
        QCOMPARE(m_row->limit(), std::optional<qint64>(155'238));
        // The field shows no less than the limit, so that what it says is feasible when typed.
        QVERIFY(part<QDoubleSpinBox>("sramLimit")->value() * 1024 >= 155'238);
    }

    void buttonsSetItToTheBoardsOrTheDesigns()
    {
        auto *board = part<QToolButton>("sramAsBoard"), *now = part<QToolButton>("sramAsNow");
        QVERIFY(!board->isEnabled() && !now->isEnabled());
        m_row->setBoard(320 * 1024);
        m_row->setPresent(151'000);
        QTest::mouseClick(board, Qt::LeftButton);
        QCOMPARE(m_row->limit(), std::optional<qint64>(320 * 1024));
        QTest::mouseClick(now, Qt::LeftButton);
        QCOMPARE(m_row->limit(), std::optional<qint64>(151'000));
        QVERIFY(now->toolTip().contains(QStringLiteral("147.5 KiB")));
    }

    void nothingMovesTheLimitButPeople()
    {
        m_row->setLimit(300 * 1024);
        QSignalSpy changed(m_row, &LimitRow::changed);
        m_row->setRange({400 * 1024, 500 * 1024}); // the limit lies outside
        m_row->setUnit(TimeUnit::Instructions);
        m_row->setBoard(512 * 1024);
        m_row->setPresent(1000);
        QCOMPARE(m_row->limit(), std::optional<qint64>(300 * 1024));
        QVERIFY(changed.isEmpty());
    }

    void everyPartHasANameForAssistiveTools()
    {
        for (const QWidget *widget : m_row->widgets()) {
            const auto *box = qobject_cast<const QCheckBox *>(widget);
            QVERIFY(!widget->accessibleName().isEmpty() || (box && !box->text().isEmpty()));
            QVERIFY(!widget->toolTip().isEmpty());
        }
    }
};

QTEST_MAIN(TestLimitRow)
#include "tst_limit_row.moc"
