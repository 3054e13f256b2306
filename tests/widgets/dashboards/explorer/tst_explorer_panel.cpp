#include "tests/core/analysis/explorer/explorer_examples.h"
#include "widgets/dashboards/explorer/detail_panel.h"
#include "widgets/dashboards/explorer/error_view.h"
#include "widgets/dashboards/explorer/explorer_panel.h"
#include "widgets/dashboards/explorer/filter_panel.h"
#include "widgets/dashboards/explorer/plot_images.h"
#include "widgets/dashboards/explorer/plot_view.h"
#include "widgets/dashboards/explorer/samples_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

using namespace atomnet;
using namespace atomnet::test;

/// The panel over a real AtomDB and its service.
class TestExplorerPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto db = AtomDb::open(path());
        QVERIFY(db);
        m_db = std::make_unique<AtomDb>(std::move(*db));
        m_service = std::make_unique<ExplorerService>();
        m_panel = std::make_unique<ExplorerPanel>();
        ExplorerService *service = m_service.get();
        ExplorerPanel *panel = m_panel.get();
        connect(service, &ExplorerService::contentsReady, panel, &ExplorerPanel::setConditions);
        connect(service, &ExplorerService::snapshotReady, panel, &ExplorerPanel::setSnapshot);
        connect(service, &ExplorerService::samplesReady, panel, &ExplorerPanel::setSamples);
        connect(service, &ExplorerService::failed, panel,
                [panel](const Error &error) { panel->setFailure(error.message()); });
        connect(panel, &ExplorerPanel::requestChanged, service, [panel, service] {
            if (panel->request().first != 0) service->ask(panel->request());
        });
        connect(panel, &ExplorerPanel::samplesWanted, service, &ExplorerService::askSamples);
        m_panel->resize(1100, 420);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(panel));
    }
    void cleanup()
    {
        m_panel.reset();
        m_service.reset();
        m_db.reset();
        m_folder.reset();
    }

    void anEmptyAtomDbSaysWhatToDo()
    {
        m_service->open(path());
        QTRY_VERIFY(plot().model()->message.contains(QStringLiteral("import")));
        QCOMPARE(plot().accessibleDescription(), plot().model()->message);
    }
    void anUnreadableOneSaysWhy()
    {
        m_service->open(m_folder->filePath(QStringLiteral("nowhere/there.sqlite")));
        QTRY_VERIFY(plot().model()->message.contains(QStringLiteral("there.sqlite")));
    }
    void clickingAPointShowsItsSamples()
    {
        fill();
        const AtomKey key = pointwiseKey(20, 64, 128);
        const QPointF at = pixelsOf(key);
        QSignalSpy hovered(&plot(), &PlotView::hovered);
        QTest::mouseMove(&plot(), at.toPoint() + QPoint(40, 40));
        QTest::mouseMove(&plot(), at.toPoint());
        QTRY_VERIFY(!hovered.isEmpty());
        const auto hit = hovered.last()[0].value<std::optional<PlotHit>>();
        QVERIFY(hit);
        QVERIFY(m_panel->describe(*hit).contains(QStringLiteral("20\u00d720\u00d764")));
        QTest::mouseClick(&plot(), Qt::LeftButton, {}, at.toPoint());
        QVERIFY(m_panel->details().isVisible());
        QTRY_VERIFY(m_panel->details().samplesView().samples());
        const auto expected = m_db->samples(m_db->conditions()->front().id, key);
        QVERIFY(expected);
        QCOMPARE(expected->values.size(), std::size_t(4));
        QCOMPARE(m_panel->details().samplesView().samples()->values, expected->values);
        QTest::keyClick(&plot(), Qt::Key_Escape);
        QVERIFY(!m_panel->details().isVisible());
        QVERIFY(!plot().selected());
    }
    void wheelAndKeysZoomAboutTheirPlace()
    {
        fill();
        const PlotRect before = plot().view();
        const QPointF about(400, 150);
        const QPointF place = plot().geometryOf(plot().size()).toAxis(about);
        QWheelEvent wheel(about, plot().mapToGlobal(about), {}, {0, 240}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QVERIFY(QCoreApplication::sendEvent(&plot(), &wheel));
        QVERIFY(plot().view().width() < before.width() * 0.75);
        // The axis' labels may have become wider, and the plot a bit narrower.
        const QPointF after = plot().geometryOf(plot().size()).toPixels(place.x(), place.y());
        QVERIFY(std::abs(after.x() - about.x()) < 25 && std::abs(after.y() - about.y()) < 1);
        const double width = plot().view().width();
        QTest::keyClick(&plot(), Qt::Key_Plus);
        QVERIFY(plot().view().width() < width);
        QTest::keyClick(&plot(), Qt::Key_Minus);
        QVERIFY(std::abs(plot().view().width() - width) < 1e-6 * width);
        const double left = plot().view().left;
        QTest::keyClick(&plot(), Qt::Key_Right);
        QVERIFY(plot().view().left > left);
        QTest::keyClick(&plot(), Qt::Key_0);
        QCOMPARE(plot().view(), before);
        QVERIFY(plot().isFitted());
    }
    void draggingPans()
    {
        fill();
        const PlotRect before = plot().view();
        QTest::mousePress(&plot(), Qt::LeftButton, {}, {500, 150});
        QTest::mouseMove(&plot(), {520, 160});
        QTest::mouseMove(&plot(), {580, 190});
        QTest::mouseRelease(&plot(), Qt::LeftButton, {}, {580, 190});
        QVERIFY(plot().view().left < before.left);
        QVERIFY(plot().view().bottom > before.bottom);
        QVERIFY(std::abs(plot().view().width() - before.width()) < 1e-9);
        QVERIFY(!m_panel->details().isVisible()); // a drag is no click
    }
    void theViewIsNeverLost()
    {
        fill();
        const PlotRect all = plot().model()->extent();
        for (int i = 0; i < 300; ++i)
            plot().pan({5000, -5000});
        QVERIFY(plot().view().left < all.right && plot().view().right > all.left);
        for (int i = 0; i < 300; ++i)
            plot().zoom(2, 2, {300, 100});
        QVERIFY(plot().view().width() > 0);
        for (int i = 0; i < 300; ++i)
            plot().zoom(0.5, 0.5, {300, 100});
        QVERIFY(plot().view().width() <= 4.01 * all.width());
    }
    void filtersTakePointsAway()
    {
        fill();
        QCOMPARE(plot().model()->points.points().size(), std::size_t(18));
        bool found = false;
        for (QCheckBox *box : m_panel->filters().findChildren<QCheckBox *>())
            if (box->text().startsWith(QStringLiteral("Depthwise"))) {
                box->click();
                found = true;
            }
        QVERIFY(found);
        QCOMPARE(plot().model()->points.points().size(), std::size_t(9));
        QVERIFY(plot().model()->summary.contains(QStringLiteral("9 of 18")));
        ExplorerFilter none;
        none.kinds = 0;
        m_panel->filters().setFilter(none);
        Q_EMIT m_panel->filters().filterChanged(none);
        QVERIFY(plot().model()->message.contains(QStringLiteral("filter")));
    }
    void twoBoardsStandSideBySide()
    {
        fill();
        choose(ExplorerView::Compare);
        QTRY_VERIFY(plot().model()->y.title.contains(QStringLiteral(" / ")));
        QCOMPARE(plot().model()->points.points().size(), std::size_t(18));
        for (const PlotPoint &p : plot().model()->points.points())
            QVERIFY(std::abs(double(p.y) - std::log10(2.0)) < 0.02);
        const QString text = m_panel->describe({PlotHit::What::Point, 0, {}, 0, 1});
        QVERIFY(text.contains(QStringLiteral("stm32h743")));
        QVERIFY(text.contains(QStringLiteral("stm32f746")));
        QVERIFY(text.contains(QStringLiteral("ratio")));
    }
    void predictionsStandBesideWhatWasMeasured()
    {
        fill();
        choose(ExplorerView::Prediction);
        QTRY_VERIFY(plot().model()->y.title.startsWith(QStringLiteral("Predicted")));
        QTRY_COMPARE(plot().model()->points.points().size(), std::size_t(18));
        QVERIFY(m_panel->describe({PlotHit::What::Point, 0, {}, 0, 1})
                    .contains(QStringLiteral("predicted")));
        choose(ExplorerView::Errors);
        QTRY_COMPARE(m_panel->errors().histogram().kinds.size(), std::size_t(2));
        QCOMPARE(m_panel->errors().histogram().kinds.front().rows, 9U);
        QVERIFY(m_panel->errors().isVisible());
    }
    void theRooflineAndTheHeatMapAreDrawn()
    {
        fill();
        choose(ExplorerView::Roofline);
        QCOMPARE(plot().model()->lines.size(), std::size_t(2));
        QVERIFY(plot().model()->lines.back().text.contains(QStringLiteral("MB/s")));
        choose(ExplorerView::HeatMap);
        QVERIFY(plot().model()->heat);
        bool cell = false;
        for (int x = 60; x < plot().width() && !cell; x += 3)
            for (int y = 20; y < plot().height() && !cell; y += 3)
                if (const auto hit = plot().hitAt(QPointF(x, y))) {
                    cell = hit->what == PlotHit::What::Cell && hit->count > 0;
                    QVERIFY(m_panel->describe(*hit).contains(QStringLiteral("median")));
                }
        QVERIFY(cell);
    }
    void exportsHoldWhatIsShown()
    {
        fill();
        const QString csv = m_folder->filePath(QStringLiteral("a.csv"));
        QVERIFY(m_panel->exportTo(csv));
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArrayList lines = file.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), 19);
        for (const QByteArray &line : lines)
            QCOMPARE(line.count(','), lines.front().count(','));
        const QString png = m_folder->filePath(QStringLiteral("a.png"));
        QVERIFY(m_panel->exportTo(png));
        QCOMPARE(QImage(png).size(), plot().size() * 2);
        const QString svg = m_folder->filePath(QStringLiteral("a.svg"));
        QVERIFY(m_panel->exportTo(svg));
        QVERIFY(QFile(svg).size() > 1000);
        QVERIFY(!m_panel->exportTo(m_folder->filePath(QStringLiteral("a.gif"))));
        QVERIFY(!m_panel->exportTo(QStringLiteral("/nowhere/a.csv")));
    }
    void whatWasChosenComesBack()
    {
        fill();
        choose(ExplorerView::HeatMap);
        ExplorerFilter filter;
        filter.kernel = {3, 3};
        Q_EMIT m_panel->filters().filterChanged(filter);
        plot().zoom(2, 2, QPointF(300, 100));
        const PlotRect view = plot().view();
        const QJsonObject state = m_panel->state();
        ExplorerPanel other;
        other.restore(state);
        QCOMPARE(other.controls().choice(), m_panel->controls().choice());
        connect(m_service.get(), &ExplorerService::snapshotReady, &other,
                &ExplorerPanel::setSnapshot);
        other.setConditions(*m_db->conditions());
        m_service->ask(other.request());
        QTRY_VERIFY(other.plot().model()->heat);
        QVERIFY(std::abs(other.plot().view().left - view.left) < 1e-9);
        QVERIFY(std::abs(other.plot().view().top - view.top) < 1e-9);
    }
    void picturesShowEveryPoint()
    {
        // A lone point, and a heap of which not one may hide the pixel beside it.
        std::vector<PlotPoint> points{{0.1F, 0.1F, 0, 0}};
        for (quint32 i = 0; i < 1000; ++i)
            points.push_back({0.8F, 0.8F, i + 1, 1});
        Raster raster;
        const QImage image =
            pointImage(PointGrid(points), {0, 1, 0, 1}, {100, 100}, 1,
                       {QColor(Qt::red), QColor(Qt::blue)}, PlotMark::Disc, raster);
        const QColor lone = image.pixelColor(10, 90), heap = image.pixelColor(80, 20);
        QVERIFY(lone.red() > 200 && lone.alpha() > 120);
        QVERIFY(heap.blue() > 200 && heap.alpha() > 240);
        QCOMPARE(image.pixelColor(50, 50).alpha(), 0);
    }

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(QStringLiteral("db.sqlite")); }
    [[nodiscard]] PlotView &plot() const { return m_panel->plot(); }
    void fill()
    {
        std::vector<Sample> samples, slower;
        const auto atoms = exampleTable();
        for (const AtomTable::Row &row : atoms->rows()) {
            for (const int percent : {100, 97, 101, 104})
                samples.push_back({row.key,
                                   row.stats.median * percent / 100,
                                   SampleUnit::Nanoseconds,
                                   {},
                                   {},
                                   {}});
            slower.push_back(
                {row.key, row.stats.median * 201 / 100, SampleUnit::Nanoseconds, {}, {}, {}});
        }
        RunCondition condition;
        condition.board = QStringLiteral("stm32h743");
        condition.runtime = QStringLiteral("x-cube-ai-7.2");
        condition.clockHz = 400'000'000;
        QVERIFY(m_db->addSamples(condition, QStringLiteral("a"), samples));
        condition.board = QStringLiteral("stm32f746");
        QVERIFY(m_db->addSamples(condition, QStringLiteral("b"), slower));
        m_service->open(path());
        QTRY_COMPARE(plot().model()->points.points().size(), std::size_t(18));
        QTRY_VERIFY(!m_service->busy());
    }
    void choose(ExplorerView view)
    {
        auto *combo = m_panel->controls().findChild<QComboBox *>(); // the first: the view
        combo->setCurrentIndex(combo->findData(int(view)));
        QVERIFY(m_panel->controls().choice().query.view == view);
    }
    [[nodiscard]] QPointF pixelsOf(const AtomKey &key) const
    {
        for (const PlotPoint &p : plot().model()->points.points()) {
            const PlotHit hit{PlotHit::What::Point, p.row, {}, 0, 1};
            const QString text = m_panel->describe(hit);
            if (text.contains(QStringLiteral("%1\u00d7%1\u00d7%2 \u2192 %1\u00d7%1\u00d7%3")
                                  .arg(key.inH)
                                  .arg(key.inC)
                                  .arg(key.outC)))
                return plot().geometryOf(plot().size()).toPixels(double(p.x), double(p.y));
        }
        return {};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<AtomDb> m_db;
    std::unique_ptr<ExplorerService> m_service;
    std::unique_ptr<ExplorerPanel> m_panel;
};

QTEST_MAIN(TestExplorerPanel)
#include "tst_explorer_panel.moc"
