#include "tests/widgets/document/small_network.h"
#include "widgets/canvas/canvas_scene.h"

#include "core/analysis/analyze.h"
#include "core/model/presets.h"

#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

class TestCanvasScene : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_document->setNew(smallNetwork());
        m_scene = std::make_unique<CanvasScene>(*m_document);
    }
    void cleanup()
    {
        m_scene.reset();
        m_document.reset();
    }
    void cardsSayWhatBlocksAre()
    {
        const Block &block = m_document->network().stages[1].blocks[1];
        const CardContent &content = m_scene->card(block.id)->content();
        QCOMPARE(content.title, QStringLiteral("SEP"));
        QCOMPARE(content.value, QStringLiteral("16"));
        QVERIFY(content.detail.startsWith(QStringLiteral("3×3")));
        QCOMPARE(m_scene->headCard().content().value, QStringLiteral("10"));
        QCOMPARE(m_scene->inputCard().content().value, QStringLiteral("32×32"));
        const LaneContent &lane = m_scene->lane(m_document->network().stages[1].id)->content();
        QCOMPARE(lane.name, QStringLiteral("s1"));
        QCOMPARE(lane.size, QStringLiteral("16×16"));
        QCOMPARE(lane.channels, QStringLiteral("16 ch"));
    }
    void anEditKeepsTheCards()
    {
        const BlockId first = id(1, 0), second = id(1, 1);
        const CardItem *card = m_scene->card(second);
        QSignalSpy replaced(m_scene.get(), &CanvasScene::replaced);
        QVERIFY(m_document->edit(widthEdit(second, 24), QStringLiteral("Widen")));
        QCOMPARE(m_scene->card(second), card);
        QCOMPARE(card->content().value, QStringLiteral("24"));
        QVERIFY(m_document->edit(RemoveBlocks{{first}}, QStringLiteral("Delete")));
        QCOMPARE(m_scene->card(first), nullptr);
        QCOMPARE(m_scene->card(second), card);
        QCOMPARE(card->scenePos(), m_scene->layout().stages[1].cards[0].topLeft());
        QVERIFY(replaced.isEmpty());
        m_document->setNew(presets()[0].network);
        QCOMPARE(replaced.size(), 1);
        QVERIFY(m_document->edit(ReplaceNetwork{presets()[1].network}, QStringLiteral("Preset")));
        QCOMPARE(replaced.size(), 2);
    }
    void pointsHitWhatIsDrawnThere()
    {
        using Hit = CanvasHit::Kind;
        const CanvasLayout &layout = m_scene->layout();
        const auto kind = [this](QPointF point) { return m_scene->hitAt(point).kind; };
        QVERIFY(kind(layout.input.center()) == Hit::Input);
        QVERIFY(kind(layout.head.center()) == Hit::Head);
        QVERIFY(kind(layout.addStage.center()) == Hit::AddStage);
        QVERIFY(kind(layout.stages[1].header.center()) == Hit::Header);
        QVERIFY(kind(layout.stages[1].frame.bottomLeft() + QPointF(2, -2)) == Hit::Lane);
        QVERIFY(kind({-1000, -1000}) == Hit::Nothing);
        const CanvasHit hit = m_scene->hitAt(layout.stages[1].cards[1].center());
        QVERIFY(hit.kind == Hit::Block);
        QCOMPARE(hit.block, id(1, 1));
        QCOMPARE(hit.stage, m_document->network().stages[1].id);
    }
    void theSelectionIsMarked()
    {
        m_document->selection().setBlocks({id(1, 1)});
        QVERIFY(m_scene->card(id(1, 1))->isMarked());
        QVERIFY(!m_scene->card(id(1, 0))->isMarked());
        QVERIFY(m_scene->selectionRect().intersects(m_scene->layout().stages[1].cards[1]));
        m_document->selection().selectHead();
        QVERIFY(m_scene->headCard().isMarked());
        QVERIFY(!m_scene->card(id(1, 1))->isMarked());
        m_document->selection().clear();
        QVERIFY(m_scene->selectionRect().isEmpty());
    }
    void figuresAndPeakFollowTheReport()
    {
        QVERIFY(!m_scene->card(id(0, 0))->content().figures);
        const ReportPtr report = analysed();
        m_scene->setReport(report);
        int peaks = 0;
        for (const Stage &stage : m_document->network().stages) {
            for (const Block &block : stage.blocks) {
                const auto figures = m_scene->card(block.id)->content().figures;
                QVERIFY(figures);
                QVERIFY(figures->sram.share > 0);
                // Without AtomDB and model nothing is known, and that is not zero.
                QVERIFY(figures->latency.source == Source::Missing);
                peaks += figures->peak;
            }
        }
        QCOMPARE(peaks, 1);
        QVERIFY(!m_scene->hints().runs().empty());
        QVERIFY(m_scene->headCard().content().figures->flash.share > 0);
    }
    void aFailedAnalysisDimsAndTheNextReportClears()
    {
        m_scene->setReport(analysed());
        m_scene->setDimmed(true);
        QVERIFY(m_scene->card(id(0, 0))->content().outdated);
        m_scene->setReport(analysed());
        QVERIFY(!m_scene->card(id(0, 0))->content().outdated);
    }
    void figuresOfAnotherDesignAreNotShown()
    {
        m_scene->setReport(analysed());
        m_document->setNew(smallNetwork()); // the same ids, other blocks
        QVERIFY(!m_scene->card(id(0, 0))->content().figures);
        QVERIFY(m_scene->hints().runs().empty());
    }
    void toolTipsExplainWhatIsUnderThePointer()
    {
        m_scene->setReport(analysed());
        const CanvasLayout &layout = m_scene->layout();
        const QString block = m_scene->toolTipAt(layout.stages[1].cards[1].center());
        QVERIFY(block.contains(QStringLiteral("16×16×8 → 16×16×16")));
        QVERIFY(block.contains(QStringLiteral("KiB")));
        QVERIFY(m_scene->toolTipAt(layout.head.center()).contains(QStringLiteral("10 classes")));
        QVERIFY(m_scene->toolTipAt(layout.input.center()).contains(QStringLiteral("3 channels")));
        QVERIFY(m_scene->toolTipAt(layout.stages[1].header.center())
                    .contains(QStringLiteral("16×16×8 → 16×16×16")));
        QVERIFY(m_scene->toolTipAt({-1000, -1000}).isEmpty());
    }
    void aPreviewIsDrawnUnlessFrozen()
    {
        const BlockId block = id(1, 0);
        QVERIFY(m_document->preview(RemoveBlocks{{block}}));
        QCOMPARE(m_scene->card(block), nullptr); // a slider's preview, for example
        m_document->endPreview();
        QVERIFY(m_scene->card(block));
        m_scene->setFrozen(true);
        QVERIFY(m_document->preview(RemoveBlocks{{block}}));
        QVERIFY(m_scene->card(block));
        m_document->endPreview();
        m_scene->setFrozen(false);
    }
    void aThousandBlocksFollowAnEdit()
    {
        Network network = smallNetwork();
        Stage &stage = network.stages[1];
        for (int i = 0; i < 1000; ++i) {
            stage.blocks.push_back(stage.blocks[1]);
            stage.blocks.back().id = {};
        }
        m_document->setNew(network);
        const BlockId last = m_document->network().stages[1].blocks.back().id;
        const CardItem *card = m_scene->card(last);
        QVERIFY(m_document->edit(MoveBlocks{{last}, m_document->network().stages[0].id, 0},
                                 QStringLiteral("Move")));
        QCOMPARE(m_scene->card(last), card);
        QCOMPARE(card->scenePos(), m_scene->layout().stages[0].cards[0].topLeft());
    }
    void aThemeChangeReachesTheCards()
    {
        ThemeManager &themes = ThemeManager::instance();
        themes.setMode(ThemeMode::Light);
        const QColor light = m_scene->card(id(1, 0))->content().color;
        themes.setMode(ThemeMode::Dark);
        QCOMPARE(m_scene->card(id(1, 0))->content().color, darkTheme().sep);
        QVERIFY(light != darkTheme().sep);
        QCOMPARE(m_scene->backgroundBrush().color(), darkTheme().window);
        themes.setMode(ThemeMode::Light);
    }

private:
    [[nodiscard]] BlockId id(std::size_t s, std::size_t b) const
    {
        return m_document->network().stages[s].blocks[b].id;
    }
    [[nodiscard]] ReportPtr analysed() const
    {
        return std::make_shared<const Report>(
            analyze(m_document->network(), m_document->target(), {}).value());
    }
    std::unique_ptr<Document> m_document;
    std::unique_ptr<CanvasScene> m_scene;
};

QTEST_MAIN(TestCanvasScene)
#include "tst_canvas_scene.moc"
