#include "tests/widgets/canvas/canvas_fixture.h"
#include "tests/widgets/document/small_network.h"
#include "widgets/canvas/canvas_mime.h"
#include "widgets/canvas/palette.h"
#include "widgets/canvas/palette_list.h"

#include "core/model/presets.h"

#include <QDropEvent>
#include <QMimeData>
#include <QTest>

using namespace atomnet;

// The palette by keys and by drops on the canvas.
class TestPalette : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m = std::make_unique<CanvasFixture>(smallNetwork());
        m_palette = std::make_unique<PaletteWidget>(m->document);
        m_palette->resize(220, 600);
        m_palette->show();
        m_list = m_palette->findChild<PaletteList *>();
        QObject::connect(m_palette.get(), &PaletteWidget::blockRequested, m->view.get(),
                         &CanvasView::insertBlock);
        QObject::connect(m_palette.get(), &PaletteWidget::presetRequested, m->view.get(),
                         &CanvasView::usePreset);
    }
    void cleanup()
    {
        QVERIFY(!m->document.previewing());
        m_palette.reset();
        m.reset();
    }
    void itOffersBlocksHeadAndAllPresets()
    {
        QStringList titles;
        for (int row = 0; row < m_list->count(); ++row)
            titles += m_list->item(row)->text();
        for (const char *block : {"Conv", "SEP", "ConvNeXt", "MBConv", "Head"})
            QVERIFY2(titles.contains(QLatin1String(block)), block);
        QCOMPARE(presets().size(), std::size_t(8));
        for (const Preset &preset : presets()) {
            const qsizetype row = titles.indexOf(preset.network.name);
            QVERIFY2(row >= 0, qPrintable(preset.id));
            QVERIFY(m_list->item(int(row))->toolTip().contains(QStringLiteral("KiB")));
        }
    }
    void enterInsertsBehindTheSelection()
    {
        m->document.selection().setBlocks({m->id(1, 0)});
        choose(QStringLiteral("MBConv"));
        QTest::keyClick(m_list, Qt::Key_Return);
        QVERIFY(m->stage(1)[1].type == BlockType::MbConv);
        QCOMPARE(m->stage(1)[1].out, 8); // as wide as what comes in
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
    }
    void aDoubleClickUsesAPreset()
    {
        const QRect row = choose(presets()[2].network.name);
        QTest::mouseClick(m_list->viewport(), Qt::LeftButton, {}, row.center());
        QTest::mouseDClick(m_list->viewport(), Qt::LeftButton, {}, row.center());
        QVERIFY(sameDesign(m->network(), presets()[2].network));
        QCOMPARE(m->steps(), 1);
    }
    void theHeadIsSelectedAndHeadingsAreNothing()
    {
        choose(QStringLiteral("Head"));
        QTest::keyClick(m_list, Qt::Key_Enter);
        QVERIFY(m->document.selection().headSelected());
        QVERIFY(!(m_list->item(0)->flags() & Qt::ItemIsSelectable));
        QCOMPARE(m->steps(), 0);
    }
    void aBlockIsDroppedIntoAStage()
    {
        const auto mime = mimeOf(QStringLiteral("SEP"));
        QVERIFY(enter(*mime, m->gap(1, 1)));
        move(*mime, m->gap(1, 1));
        QVERIFY(m->document.previewing());
        QCOMPARE(m->document.shown().stages[1].blocks.size(), std::size_t(3));
        QCOMPARE(m->stage(1).size(), std::size_t(2));
        QVERIFY(drop(*mime, m->gap(1, 1)));
        QCOMPARE(m->stage(1).size(), std::size_t(3));
        QCOMPARE(m->selected(), std::vector{m->id(1, 1)});
        QCOMPARE(m->steps(), 1);
        m->document.undoStack().undo();
        QVERIFY(sameDesign(m->network(), smallNetwork()));
        m->document.undoStack().redo();
        QCOMPARE(m->stage(1).size(), std::size_t(3));
    }
    void leavingTheCanvasRestores()
    {
        const auto mime = mimeOf(QStringLiteral("SEP"));
        QVERIFY(enter(*mime, m->gap(1, 1)));
        move(*mime, m->gap(1, 1));
        QVERIFY(m->document.previewing());
        QDragLeaveEvent leave;
        QApplication::sendEvent(m->view->viewport(), &leave);
        QVERIFY(!m->document.previewing());
        QVERIFY(!m->view->canvas().ghost().isVisible());
        QCOMPARE(m->steps(), 0);
    }
    void aDropBetweenStagesMakesAStage()
    {
        const auto mime = mimeOf(QStringLiteral("ConvNeXt"));
        QVERIFY(enter(*mime, m->betweenStages(1)));
        QVERIFY(drop(*mime, m->betweenStages(1)));
        QCOMPARE(m->network().stages.size(), std::size_t(3));
        QVERIFY(m->stage(1)[0].type == BlockType::ConvNext);
        QCOMPARE(m->stage(1)[0].out, 8);
    }
    void aDropOnTheHeadIsRefused()
    {
        const auto mime = mimeOf(QStringLiteral("SEP"));
        const QPoint head = m->at(m->view->canvas().layout().head.center());
        QVERIFY(enter(*mime, head));
        move(*mime, head);
        QVERIFY(m->view->canvas().ghost().refused());
        QVERIFY(!drop(*mime, head));
        QCOMPARE(m->steps(), 0);
    }
    void theEmptyCanvasTakesABlock()
    {
        m->document.setNew({});
        const auto mime = mimeOf(QStringLiteral("Conv"));
        QVERIFY(enter(*mime, QPoint(400, 400)));
        QVERIFY(drop(*mime, QPoint(400, 400)));
        QCOMPARE(m->network().stages.size(), std::size_t(1));
    }
    void aDroppedPresetReplacesTheDesignInOneStep()
    {
        const Network before = m->network();
        const auto mime = mimeOf(presets()[1].network.name);
        QVERIFY(enter(*mime, m->card(1, 1)));
        move(*mime, m->card(1, 1));
        QVERIFY(sameDesign(m->document.shown(), presets()[1].network));
        QVERIFY(drop(*mime, m->card(1, 1)));
        QVERIFY(sameDesign(m->network(), presets()[1].network));
        QCOMPARE(m->steps(), 1);
        m->document.undoStack().undo();
        QCOMPARE(m->network(), before);
    }
    void foreignDragsAreLeftToTheWindow()
    {
        QMimeData text;
        text.setText(QStringLiteral("hello"));
        QVERIFY(!enter(text, m->card(1, 1)));
        QMimeData damaged;
        damaged.setData(QLatin1String(blocksMimeType), "rubbish");
        QVERIFY(!enter(damaged, m->card(1, 1)));
        QCOMPARE(m->messages->size(), 1);
    }

private:
    QRect choose(const QString &title)
    {
        const auto found = m_list->findItems(title, Qt::MatchExactly);
        if (found.isEmpty()) return {};
        m_list->setCurrentItem(found.front());
        m_list->scrollToItem(found.front());
        return m_list->visualItemRect(found.front());
    }
    /// What a drag of this entry carries.
    [[nodiscard]] std::unique_ptr<QMimeData> mimeOf(const QString &title)
    {
        choose(title);
        return std::unique_ptr<QMimeData>(m_list->model()->mimeData({m_list->currentIndex()}));
    }
    bool enter(const QMimeData &mime, QPoint at)
    {
        QDragEnterEvent event(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        event.ignore();
        QApplication::sendEvent(m->view->viewport(), &event);
        return event.isAccepted();
    }
    void move(const QMimeData &mime, QPoint at)
    {
        QDragMoveEvent event(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m->view->viewport(), &event);
    }
    bool drop(const QMimeData &mime, QPoint at)
    {
        QDropEvent event(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m->view->viewport(), &event);
        return event.isAccepted();
    }
    std::unique_ptr<CanvasFixture> m;
    std::unique_ptr<PaletteWidget> m_palette;
    PaletteList *m_list = nullptr;
};

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
