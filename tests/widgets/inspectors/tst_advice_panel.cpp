#include "tests/widgets/document/small_network.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/advice_panel.h"
#include "widgets/inspectors/advice_text.h"
#include "widgets/inspectors/block_inspector.h"
#include "widgets/inspectors/finding_card.h"
#include "widgets/inspectors/finding_row.h"
#include "widgets/inspectors/fix_button.h"

#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

// The inspector's advice: what is shown for which selection, previews, fixes, keys.
class TestAdvicePanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_document->setNew(smallNetwork());
        m_inspector = std::make_unique<BlockInspector>(*m_document);
        m_inspector->resize(320, 700);
        m_inspector->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_inspector.get()));
        m_block = m_document->network().stages[1].blocks[0].id;
        m_inspector->advice().setAdvice(advice());
    }
    void cleanup()
    {
        m_inspector.reset();
        m_document.reset();
    }

    void theSelectionChoosesTheFindings()
    {
        QCOMPARE(shown(), QStringList{QStringLiteral("The design is odd")});
        select(m_block);
        QCOMPARE(shown(),
                 (QStringList{QStringLiteral("Its map is large"), QStringLiteral("It is slow")}));
        select(m_document->network().stages[1].blocks[1].id);
        QVERIFY(shown().isEmpty());
        m_document->selection().selectStage(m_document->network().stages[0].id);
        QCOMPARE(shown(), QStringList{QStringLiteral("The stage is wide")});
        m_document->selection().selectHead();
        QCOMPARE(shown(), QStringList{QStringLiteral("The head is heavy")});
        m_document->selection().setBlocks({m_document->network().stages[0].blocks[0].id, m_block});
        QCOMPARE(shown().size(), 2);
    }
    void findingsElsewhereLeadThere()
    {
        const QList<FindingRow *> rows = visible<FindingRow>();
        QCOMPARE(rows.size(), 4);
        QCOMPARE(rows[1]->text(), QStringLiteral("s1, block 1"));
        QTest::mouseClick(rows[1], Qt::LeftButton);
        QCOMPARE(m_document->selection().blocks(), std::vector{m_block});
        QVERIFY(panel().cards()[0]->isCurrent());
        m_document->selection().selectStage(m_document->network().stages[1].id);
        QCOMPARE(visible<FindingRow>().size(), 2); // those on its blocks
    }
    void hoveringAFixPreviewsIt()
    {
        select(m_block);
        FixButton *fix = panel().cards()[0]->fixes()[0];
        const int before = width();
        enter(fix);
        QVERIFY(m_document->previewing());
        QCOMPARE(m_document->shown().stages[1].blocks[0].out, 40);
        leave(fix);
        QVERIFY(!m_document->previewing());
        QCOMPARE(width(), before);
        QCOMPARE(m_document->undoStack().count(), 0);
    }
    void walkingToAFixPreviewsItToo()
    {
        select(m_block);
        m_inspector->activateWindow();
        FixButton *first = panel().cards()[0]->fixes()[0];
        FixButton *second = panel().cards()[0]->fixes()[1];
        first->setFocus(Qt::TabFocusReason);
        QTRY_COMPARE(m_document->shown().stages[1].blocks[0].out, 40);
        QTest::keyClick(first, Qt::Key_Tab);
        QVERIFY(second->hasFocus());
        QCOMPARE(m_document->shown().stages[1].blocks[0].out, 48);
        QTest::keyClick(second, Qt::Key_Backtab);
        QCOMPARE(m_document->shown().stages[1].blocks[0].out, 40);
        QTest::keyClick(first, Qt::Key_Return);
        QCOMPARE(width(), 40);
        QVERIFY(!m_document->previewing());
    }
    void aClickAppliesOneUndoStep()
    {
        select(m_block);
        FixButton *fix = panel().cards()[0]->fixes()[0];
        enter(fix);
        QTest::mouseClick(fix, Qt::LeftButton);
        QCOMPARE(width(), 40);
        QCOMPARE(m_document->network().stages[1].blocks[1].out, 24); // both edits of the fix
        QCOMPARE(m_document->undoStack().count(), 1);
        QCOMPARE(m_document->undoStack().undoText(), QStringLiteral("Make it 40 wide"));
        QVERIFY(!m_document->previewing());
        QTest::mouseClick(fix, Qt::LeftButton); // of the former design: does nothing
        QCOMPARE(m_document->undoStack().count(), 1);
        enter(fix);
        QVERIFY(!m_document->previewing());
        m_document->undoStack().undo();
        QCOMPARE(width(), 8);
    }
    void aFixMayRemoveWhatItIsOn()
    {
        select(m_block);
        FixButton *fix = panel().cards()[1]->fixes()[0];
        enter(fix);
        QVERIFY(!blockById(m_document->shown(), m_block));
        QVERIFY(fix->isVisible()); // the page stays as long as it is only a preview
        QTest::mouseClick(fix, Qt::LeftButton);
        QVERIFY(!blockById(m_document->network(), m_block));
        QVERIFY(m_document->selection().isEmpty());
        QCOMPARE(shown(), QStringList{QStringLiteral("The design is odd")});
    }
    void newAdviceEndsAPreview()
    {
        select(m_block);
        enter(panel().cards()[0]->fixes()[0]);
        QVERIFY(m_document->previewing());
        panel().setAdvice(nullptr);
        QVERIFY(!m_document->previewing());
        QVERIFY(panel().cards().empty());
    }
    void nothingMovesUnderThePointer()
    {
        select(m_block);
        FixButton *fix = panel().cards()[0]->fixes()[0];
        const QPoint before = fix->mapTo(m_inspector.get(), QPoint());
        enter(fix);
        QTest::qWait(10);
        QCOMPARE(fix->mapTo(m_inspector.get(), QPoint()), before);
        leave(fix);
        QTest::qWait(10);
        QCOMPARE(fix->mapTo(m_inspector.get(), QPoint()), before);
    }
    void keysWalkThroughTheFindings()
    {
        QVERIFY(panel().step(1));
        QCOMPARE(panel().current(), 0);
        QVERIFY(m_document->selection().isEmpty());
        QVERIFY(panel().step(1));
        QCOMPARE(m_document->selection().stage(), m_document->network().stages[0].id);
        QVERIFY(panel().step(1));
        QCOMPARE(m_document->selection().blocks(), std::vector{m_block});
        QVERIFY(panel().cards()[0]->isCurrent() && !panel().cards()[1]->isCurrent());
        QVERIFY(panel().step(1));
        QVERIFY(panel().cards()[1]->isCurrent());
        QVERIFY(panel().step(1));
        QVERIFY(m_document->selection().headSelected());
        QVERIFY(panel().step(1)); // round again
        QCOMPARE(panel().current(), 0);
        QVERIFY(panel().step(-1));
        QVERIFY(m_document->selection().headSelected());
        // From a selection on.
        m_document->selection().setBlocks({m_block});
        QCOMPARE(panel().current(), -1);
        QVERIFY(panel().step(1));
        QCOMPARE(panel().current(), 2);
        panel().setAdvice(nullptr);
        QVERIFY(!panel().step(1));
    }
    void aKeyAppliesTheFirstFix()
    {
        QVERIFY(!panel().applyFirst()); // the design's finding has none
        QVERIFY(panel().step(1) && panel().step(1) && panel().step(1));
        QVERIFY(panel().applyFirst());
        QCOMPARE(width(), 40);
        QCOMPARE(m_document->undoStack().count(), 1);
        QVERIFY(!panel().applyFirst()); // until there is new advice
        QCOMPARE(m_document->undoStack().count(), 1);
    }
    void theFocusStaysWhenTheAdviceIsRenewed()
    {
        select(m_block);
        m_inspector->activateWindow();
        panel().cards()[0]->fixes()[1]->setFocus(Qt::TabFocusReason);
        QTRY_VERIFY(m_document->previewing());
        const AdvicePtr renewed = advice(); // for example by new measurements
        panel().setAdvice(renewed);
        QVERIFY(m_document->previewing());
        QVERIFY(panel().cards()[0]->fixes()[1]->hasFocus());
        QTest::keyClick(panel().cards()[0]->fixes()[1], Qt::Key_Tab);
        QCOMPARE(panel().advice(), renewed);
        QVERIFY(panel().isAncestorOf(QApplication::focusWidget()));
    }
    void thePeakIsExplained()
    {
        select(m_block);
        QVERIFY(panel().peakFixes().empty());
        panel().showPeak();
        QVERIFY(m_document->selection().isEmpty());
        const QLabel *note = nullptr;
        for (const QLabel *label : visible<QLabel>())
            if (label->accessibleName() == QStringLiteral("What the peak is made of")) note = label;
        QVERIFY(note);
        QCOMPARE(note->text(), QStringLiteral("While s1.1.dw runs: input (input) 8.0 KiB + "
                                              "scratch 2.0 KiB."));
        QCOMPARE(panel().peakFixes().size(), std::size_t(1));
        FixButton *fix = panel().peakFixes()[0];
        QCOMPARE(fix->effect(), QStringLiteral("\u22124.0 KiB SRAM"));
        QTRY_VERIFY(fix->hasFocus());
        QVERIFY(!m_document->previewing()); // it was not walked to
        enter(fix);
        QCOMPARE(m_document->shown().input, (Shape{28, 28, 3}));
        QTest::mouseClick(fix, Qt::LeftButton);
        QCOMPARE(m_document->network().input, (Shape{28, 28, 3}));
        QCOMPARE(m_document->undoStack().count(), 1);
    }
    void whatIsCurrentIsScrolledTo()
    {
        m_inspector->resize(320, 260);
        QVERIFY(panel().step(1) && panel().step(1) && panel().step(1) && panel().step(1));
        const auto *area = m_inspector->findChild<QScrollArea *>();
        const FindingCard *card = panel().cards()[1];
        QVERIFY(card->isCurrent());
        QTRY_VERIFY(area->verticalScrollBar()->value() > 0);
        const QRect place(card->mapTo(area->viewport(), QPoint()), card->size());
        QVERIFY(area->viewport()->rect().intersects(place));
    }
    void longTextsWrap()
    {
        auto fixed = std::make_shared<Advice>(*advice());
        fixed->findings[2].fixes[0].text =
            QStringLiteral("Move the squeeze and excite module of the first block of the second "
                           "stage to the third stage, where its map is small");
        panel().setAdvice(fixed);
        select(m_block);
        const FixButton *fix = panel().cards()[0]->fixes()[0];
        QTRY_VERIFY(fix->height() >= fix->heightForWidth(fix->width()));
        QVERIFY(fix->height() > 4 * fix->fontMetrics().height());
        QVERIFY(fix->mapTo(m_inspector.get(), QPoint(fix->width(), 0)).x() <= m_inspector->width());
    }
    void effectsAreWorded()
    {
        const auto text = [](Effect effect, TimeUnit unit = TimeUnit::Nanoseconds) {
            return effectLabel(effect, unit);
        };
        QCOMPARE(text({}), QStringLiteral("changes no figure"));
        QCOMPARE(text({0, 3'000'000, -12'698, 0}), QStringLiteral("\u221212.4 KiB SRAM, +3.00 ms"));
        QCOMPARE(text({-1'200'000, -500'000, 0, 2048}),
                 QStringLiteral("+2.0 KiB Flash, \u2212500 \u00b5s, \u22121.20 M MACs"));
        QVERIFY(text({0, 1'310'000, 0, 0}, TimeUnit::Instructions)
                    .startsWith(QStringLiteral("+1.31 M instr")));
    }

private:
    AdvicePanel &panel() { return m_inspector->advice(); }
    void select(BlockId block) { m_document->selection().setBlocks({block}); }
    int width() { return m_document->network().stages[1].blocks[0].out; }
    QStringList shown()
    {
        QStringList texts;
        for (const FindingCard *card : panel().cards())
            texts << card->findChild<QLabel *>()->text().section(QStringLiteral(": "), -1);
        return texts;
    }
    template <class Widget>
    QList<Widget *> visible()
    {
        QList<Widget *> found;
        for (Widget *widget : panel().findChildren<Widget *>())
            if (widget->isVisible()) found << widget;
        return found;
    }
    static void enter(QWidget *widget)
    {
        const QPointF at(2, 2);
        QEnterEvent event(at, at, widget->mapToGlobal(at));
        QApplication::sendEvent(widget, &event);
    }
    static void leave(QWidget *widget)
    {
        QEvent event(QEvent::Leave);
        QApplication::sendEvent(widget, &event);
    }
    AdvicePtr advice()
    {
        const Network &network = m_document->network();
        auto advice = std::make_shared<Advice>();
        advice->network = network;
        advice->report = std::make_shared<const Report>();
        const auto add = [&](int stage, BlockId block, const char *what,
                             std::vector<QuickFix> fixes = {}) {
            advice->findings.push_back({QStringLiteral("G1"), LintSeverity::Advice, stage, block,
                                        QString::fromLatin1(what), QStringLiteral("because"),
                                        std::move(fixes)});
        };
        add(-1, {}, "The design is odd");
        add(0, {}, "The stage is wide");
        add(1, m_block, "Its map is large",
            {{QStringLiteral("Make it 40 wide"),
              {widthEdit(m_block, 40), widthEdit(network.stages[1].blocks[1].id, 24)},
              {0, 3'000'000, -12'698, 0}},
             {QStringLiteral("Make it 48 wide"), {widthEdit(m_block, 48)}, {}}});
        add(1, m_block, "It is slow",
            {{QStringLiteral("Remove it"), {RemoveBlocks{{m_block}}}, {-1, -1, -1, -1}}});
        add(2, {}, "The head is heavy");
        advice->peak.layer = 1;
        advice->peak.layerName = QStringLiteral("s1.1.dw");
        advice->peak.bytes = 10'240;
        advice->peak.tensors = {{0, QStringLiteral("input"), 8192, QStringLiteral("input")},
                                {-1, {}, 2048, QStringLiteral("scratch")}};
        advice->peak.fixes = {{QStringLiteral("Shrink the input to 28x28"),
                               {SetInput{{28, 28, 3}}},
                               {0, 0, -4096, 0}}};
        return advice;
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<BlockInspector> m_inspector;
    BlockId m_block;
};

QTEST_MAIN(TestAdvicePanel)
#include "tst_advice_panel.moc"
