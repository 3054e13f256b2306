#include "widgets/common/theme.h"
#include "widgets/dashboards/search/front_axis.h"
#include "widgets/dashboards/search/front_colours.h"
#include "widgets/dashboards/search/front_plot.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

/// The Pareto front as dots.
class TestFrontPlot : public QObject
{
    Q_OBJECT

    using FrontPtr = FrontPlot::FrontPtr;

    static FrontPtr points(int count)
    {
        auto front = std::make_shared<std::vector<FrontPoint>>();
        QRandomGenerator random(7);
        for (int i = 0; i < count; ++i) {
            FrontPoint point;
            point.latency = 10'000'000 + random.bounded(400'000'000);
            point.macs = point.latency / 4 + random.bounded(20'000'000);
            point.sramBytes = 60'000 + random.bounded(900'000);
            point.flashBytes = 200'000 + random.bounded(3'000'000);
            point.choice = quint64(i);
            front->push_back(point);
        }
        return front;
    }
    static std::unique_ptr<FrontPlot> shown(const FrontPtr &front, const FrontPtr &whole = {},
                                            const SearchLimits &limits = {})
    {
        auto plot = std::make_unique<FrontPlot>();
        plot->resize(500, 260);
        plot->setFigures(Figure::Latency, Figure::Macs, Figure::Sram);
        plot->setFront(front, whole, limits, TimeUnit::Nanoseconds);
        plot->show();
        static_cast<void>(plot->grab());
        return plot;
    }

private Q_SLOTS:
    void aDotIsWhereItsFiguresAre()
    {
        const FrontPtr front = points(40);
        const auto plot = shown(front);
        int hits = 0;
        for (std::size_t i = 0; i < front->size(); ++i) {
            const QPointF place = plot->placeOf((*front)[i]);
            QVERIFY(QRectF(plot->rect()).contains(place));
            const int found = plot->pointAt(place.toPoint());
            QVERIFY(found >= 0);
            hits += found == int(i);
        }
        QVERIFY(hits > 35); // the others lie under a later dot
        QCOMPARE(plot->pointAt({2, 2}), -1);
    }

    void clickChoosesAndTheToolTipTellsAll()
    {
        const FrontPtr front = points(5);
        const auto plot = shown(front);
        QSignalSpy chosen(plot.get(), &FrontPlot::pointChosen);
        QTest::mouseClick(plot.get(), Qt::LeftButton, {}, plot->placeOf((*front)[3]).toPoint());
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.front().front().value<FrontPoint>().choice, quint64(3));
        const QString text = plot->describe((*front)[3]);
        for (const Figure figure : allFigures)
            QVERIFY(text.contains(figureName(figure)));
    }

    void theEdgeIsTheBestOfTheTwoFigures()
    {
        const FrontPtr front = points(2000);
        const auto plot = shown(front);
        const std::vector<int> &edge = plot->edge();
        QVERIFY(edge.size() > 1);
        const auto at = [&](int i) { return (*front)[std::size_t(i)]; };
        for (const FrontPoint &point : *front) { // nothing beats the edge
            bool covered = false;
            for (const int i : edge)
                covered = covered || (at(i).latency <= point.latency && at(i).macs >= point.macs);
            QVERIFY(covered);
        }
        for (std::size_t i = 1; i < edge.size(); ++i)
            QVERIFY(at(edge[i - 1]).latency < at(edge[i]).latency &&
                    at(edge[i - 1]).macs < at(edge[i]).macs);
    }

    void keysWalkAlongTheEdge()
    {
        const FrontPtr front = points(300);
        const auto plot = shown(front);
        QSignalSpy chosen(plot.get(), &FrontPlot::pointChosen);
        QTest::keyClick(plot.get(), Qt::Key_Return); // nothing is lit yet
        QVERIFY(chosen.isEmpty());
        QTest::keyClick(plot.get(), Qt::Key_Right);
        QTest::keyClick(plot.get(), Qt::Key_Right);
        QTest::keyClick(plot.get(), Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.front().front().value<FrontPoint>().choice, quint64(plot->edge()[1]));
        QVERIFY(!plot->accessibleDescription().isEmpty());
    }

    void limitsAreLinesInsideThePlot()
    {
        const FrontPtr whole = points(3000);
        SearchLimits limits;
        limits.latency = 100'000'000;
        auto front = std::make_shared<std::vector<FrontPoint>>();
        for (const FrontPoint &point : *whole)
            if (point.latency <= *limits.latency) front->push_back(point);
        const auto plot = shown(front, whole, limits);
        FrontPoint at;
        at.latency = *limits.latency;
        at.macs = front->front().macs;
        const QPointF line = plot->placeOf(at);
        QVERIFY(line.x() > 100 && line.x() < plot->width() - 15);
        // The limit's colour stands in that column.
        const QImage image = plot->grab().toImage();
        const QColor wanted = ThemeManager::instance().theme().limitLine;
        int found = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = int(line.x()) - 2; x <= int(line.x()) + 2; ++x) {
                const QColor colour = image.pixelColor(x, y);
                found += std::abs(colour.red() - wanted.red()) +
                             std::abs(colour.green() - wanted.green()) +
                             std::abs(colour.blue() - wanted.blue()) <
                         60;
            }
        QVERIFY(found > 20);
        // Points beyond the limit cannot be chosen.
        for (const FrontPoint &point : *whole) {
            if (point.latency < 115'000'000 || point.latency > 120'000'000) continue;
            const int hit = plot->pointAt(plot->placeOf(point).toPoint());
            QVERIFY(hit < 0 || (*front)[std::size_t(hit)].latency <= *limits.latency);
        }
    }

    void manyPointsCostLittle()
    {
        const FrontPtr front = points(130'000);
        const auto plot = shown(front);
        QElapsedTimer timer;
        timer.start();
        plot->setFigures(Figure::Sram, Figure::Flash, Figure::Macs);
        static_cast<void>(plot->grab());
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(plot->pointAt(plot->placeOf(front->front()).toPoint()) >= 0);
    }

    void withoutAFrontItSaysWhatToDo()
    {
        FrontPlot plot;
        plot.resize(400, 200);
        plot.setHint(QStringLiteral("Press Search"));
        const QImage hint = plot.grab().toImage();
        plot.setHint({});
        QVERIFY(hint != plot.grab().toImage());
        QCOMPARE(plot.pointAt({200, 100}), -1);
        plot.setFront(std::make_shared<std::vector<FrontPoint>>(), {}, {}, TimeUnit::Nanoseconds);
        QVERIFY(!plot.grab().isNull());
        QTest::keyClick(&plot, Qt::Key_Right);
    }

    void axesHaveRoundSteps_data()
    {
        QTest::addColumn<int>("figure");
        QTest::addColumn<qint64>("low");
        QTest::addColumn<qint64>("high");
        QTest::addColumn<QString>("title");
        QTest::newRow("latency") << int(Figure::Latency) << qint64(12'300'000)
                                 << qint64(431'000'000) << QStringLiteral("Latency, ms");
        QTest::newRow("sram") << int(Figure::Sram) << qint64(61'000) << qint64(330'000)
                              << QStringLiteral("SRAM, KiB");
        QTest::newRow("macs") << int(Figure::Macs) << qint64(1'000'000) << qint64(90'000'000)
                              << QStringLiteral("MACs, millions");
        QTest::newRow("one value")
            << int(Figure::Flash) << qint64(5000) << qint64(5000) << QStringLiteral("Flash, KiB");
    }
    void axesHaveRoundSteps()
    {
        QFETCH(int, figure);
        QFETCH(qint64, low);
        QFETCH(qint64, high);
        QFETCH(QString, title);
        const FrontAxis axis = frontAxis(Figure(figure), low, high, TimeUnit::Nanoseconds);
        QVERIFY(axis.low <= double(low) && axis.high >= double(high));
        const double steps = (axis.high - axis.low) / axis.step;
        QVERIFY2(steps >= 1.5 && steps <= 6, qPrintable(QString::number(steps)));
        QCOMPARE(axisTitle(axis, TimeUnit::Nanoseconds), title);
        const QString first = axisLabel(axis, axis.step, TimeUnit::Nanoseconds);
        QVERIFY(first != axisLabel(axis, 2 * axis.step, TimeUnit::Nanoseconds));
    }

    void coloursReadOnBothThemes()
    {
        for (const Theme &theme : {lightTheme(), darkTheme()})
            for (const double share : {0.0, 0.5, 1.0})
                QVERIFY(contrastRatio(QColor::fromRgb(scaleColour(share, theme)), theme.base) >
                        1.4);
    }
};

QTEST_MAIN(TestFrontPlot)
#include "tst_front_plot.moc"
