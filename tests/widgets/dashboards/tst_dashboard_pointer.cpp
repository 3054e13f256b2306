// Mouse and keys on the charts, and the selection they share.
#include "tests/support/sample_report.h"
#include "widgets/dashboards/layer_chart.h"
#include "widgets/dashboards/marks.h"
#include "widgets/dashboards/memory_dashboard.h"

#include <QApplication>
#include <QImage>
#include <QTest>
#include <QToolTip>

using namespace atomnet;

class TestDashboardPointer : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<Document> m_document;
    std::unique_ptr<MemoryDashboard> m_memory;

    /// The middle of the plot in the column of this layer, in the viewport.
    [[nodiscard]] QPoint at(int layer) const
    {
        const PlotMap map = m_memory->chart().map();
        return QPointF(map.centre(layer), map.area.center().y()).toPoint();
    }
    [[nodiscard]] QWidget *viewport() const { return m_memory->chart().viewport(); }

private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_memory = std::make_unique<MemoryDashboard>(*m_document, nullptr);
        m_memory->resize(900, 240);
        m_memory->show();
        m_memory->setReport(std::make_shared<const Report>(sampleReport()));
        QVERIFY(QTest::qWaitForWindowExposed(m_memory.get()));
    }
    void cleanup()
    {
        QToolTip::hideText();
        m_memory.reset();
        m_document.reset();
    }

    void clickSelectsLayerAndBlock_data()
    {
        QTest::addColumn<int>("layer");
        QTest::addColumn<quint32>("block");
        QTest::newRow("first") << 0 << 1u;
        QTest::newRow("in the second block") << 6 << 2u;
        QTest::newRow("in the last block") << 15 << 4u;
    }
    void clickSelectsLayerAndBlock()
    {
        QFETCH(int, layer);
        QFETCH(quint32, block);
        QTest::mouseClick(viewport(), Qt::LeftButton, {}, at(layer));
        QCOMPARE(m_document->selection().layer(), std::optional<int>(layer));
        QCOMPARE(m_document->selection().blocks(), std::vector<BlockId>{BlockId{block}});
    }

    void clickOnTheHeadSelectsIt()
    {
        QTest::mouseClick(viewport(), Qt::LeftButton, {}, at(18));
        QVERIFY(m_document->selection().headSelected());
        QCOMPARE(m_document->selection().layer(), std::optional<int>(18));
        QCOMPARE(m_memory->chart().marks().selected, (std::vector<int>{16, 17, 18, 19}));
    }

    void clickBesideTheLayersClears()
    {
        QTest::mouseClick(viewport(), Qt::LeftButton, {}, at(3));
        QTest::mouseClick(viewport(), Qt::LeftButton, {}, QPoint(4, 100));
        QVERIFY(m_document->selection().isEmpty());
    }

    void selectionFromElsewhereLightsItsBars()
    {
        const QImage before = m_memory->grab().toImage();
        m_document->selection().setBlocks({BlockId{1}, BlockId{3}});
        QCOMPARE(m_memory->chart().marks().selected, (std::vector<int>{0, 1, 2, 3, 8, 9, 10, 11}));
        QCOMPARE(m_memory->chart().marks().layer, -1);
        const QImage after = m_memory->grab().toImage();
        // Above the bars of the first block, below the reserve.
        const PlotMap map = m_memory->chart().map();
        const QPoint inside(int(map.centre(1)), int(map.y(250)));
        const QPoint outside(int(map.centre(6)), int(map.y(250)));
        QVERIFY(before.pixelColor(inside) != after.pixelColor(inside));
        QCOMPARE(before.pixelColor(outside), after.pixelColor(outside));
        m_document->selection().clear();
        QCOMPARE(m_memory->grab().toImage(), before);
    }

    void hoverHighlightsAndLeavingEndsIt()
    {
        QTest::mouseMove(viewport(), at(6));
        QCOMPARE(m_document->selection().hoveredLayer(), std::optional<int>(6));
        QCOMPARE(m_document->selection().hoveredBlock(), BlockId{2});
        QCOMPARE(m_memory->chart().marks().hovered, (std::vector<int>{4, 5, 6, 7}));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(viewport(), &leave);
        QVERIFY(!m_document->selection().hoveredLayer());
        QVERIFY(m_memory->chart().marks().hovered.empty());
    }

    void toolTipTellsTheExactFigures()
    {
        QHelpEvent help(QEvent::ToolTip, at(5), viewport()->mapToGlobal(at(5)));
        QApplication::sendEvent(viewport(), &help);
        QVERIFY(QToolTip::isVisible());
        QVERIFY(QToolTip::text().contains(QStringLiteral("s1.2.dw")));
        QTest::mouseMove(viewport(), at(8)); // it follows the pointer
        QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("s2.1.pad")));
    }

    void keysMoveTheSelection()
    {
        QTest::keyClick(&m_memory->chart(), Qt::Key_Right);
        QCOMPARE(m_document->selection().layer(), std::optional<int>(0));
        QTest::keyClick(&m_memory->chart(), Qt::Key_Right);
        QCOMPARE(m_document->selection().layer(), std::optional<int>(1));
        QTest::keyClick(&m_memory->chart(), Qt::Key_End);
        QCOMPARE(m_document->selection().layer(), std::optional<int>(19));
        QTest::keyClick(&m_memory->chart(), Qt::Key_Left);
        QCOMPARE(m_document->selection().layer(), std::optional<int>(18));
        QTest::keyClick(&m_memory->chart(), Qt::Key_Escape);
        QVERIFY(m_document->selection().isEmpty());
    }

    void pointerOnAnEmptyChartDoesNothing()
    {
        m_memory->setReport({});
        QTest::mouseMove(viewport(), QPoint(400, 100));
        QTest::mouseClick(viewport(), Qt::LeftButton, {}, QPoint(400, 100));
        QTest::keyClick(&m_memory->chart(), Qt::Key_Right);
        QVERIFY(m_document->selection().isEmpty());
        QVERIFY(!m_document->selection().hoveredLayer());
    }

    void stageSelectionLightsItsLayers()
    {
        Network network;
        network.stages.resize(2);
        assignIds(network);
        Selection selection;
        selection.selectStage(network.stages[1].id);
        QCOMPARE(marksOf(sampleReport(), selection, network).selected,
                 (std::vector<int>{8, 9, 10, 11, 12, 13, 14, 15}));
    }

    void staleLayerNumbersAreIgnored()
    {
        Selection selection;
        selection.selectLayer(500, BlockId{1});
        const Marks marks = marksOf(sampleReport(), selection, {});
        QCOMPARE(marks.layer, -1);
        QCOMPARE(marks.selected, (std::vector<int>{0, 1, 2, 3}));
    }
};

QTEST_MAIN(TestDashboardPointer)
#include "tst_dashboard_pointer.moc"
