#include "tests/widgets/canvas/canvas_fixture.h"
#include "tests/widgets/document/small_network.h"

#include <QTest>

using namespace atomnet;

// Badges of the lint on cards and headers.
class TestCanvasAdvice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<CanvasFixture>(smallNetwork()); }
    void cleanup() { m.reset(); }

    void badgesCountAndShowTheWorst()
    {
        m->view->setAdvice(advice());
        const CanvasScene &scene = m->view->canvas();
        QVERIFY(scene.card(m->id(1, 0))->content().badge == (LintBadge{2, LintSeverity::Problem}));
        QVERIFY(scene.card(m->id(1, 1))->content().badge == LintBadge{});
        QVERIFY(scene.lane(m->network().stages[0].id)->content().badge ==
                (LintBadge{1, LintSeverity::Info}));
        QVERIFY(scene.headCard().content().badge == (LintBadge{1, LintSeverity::Advice}));
        QVERIFY(scene.inputCard().content().badge == LintBadge{});
        m->view->setAdvice(nullptr);
        QVERIFY(scene.card(m->id(1, 0))->content().badge == LintBadge{});
    }
    void badgesStayOverEdits()
    {
        m->view->setAdvice(advice());
        BlockPatch wider;
        wider.out = 96;
        QVERIFY(m->document.edit(ChangeBlocks{{m->id(1, 0)}, wider}, {}));
        QCOMPARE(m->view->canvas().card(m->id(1, 0))->content().badge.count, 2);
        QVERIFY(m->document.edit(RemoveBlocks{{m->id(1, 0)}}, {})); // gone with its findings
        QVERIFY(m->view->canvas().card(m->id(1, 0))->content().badge == LintBadge{});
    }
    void theToolTipTellsTheFindings()
    {
        m->view->setAdvice(advice());
        const CanvasLayout &layout = m->view->canvas().layout();
        const QPointF badge = badgeRect(layout.stages[1].cards[0], layout.metrics, 2).center();
        const QString tip = m->view->canvas().toolTipAt(badge);
        QVERIFY(tip.contains(QStringLiteral("Its map is &lt;large&gt;")));
        QVERIFY(tip.contains(QStringLiteral("because of the peak")));
        QVERIFY(tip.contains(QStringLiteral("It is slow")));
        QVERIFY(m->view->canvas()
                    .toolTipAt(badgeRect(layout.head, layout.metrics, 1).center())
                    .contains(QStringLiteral("The head is heavy")));
    }
    void aClickOnABadgeAsksForTheAdvice()
    {
        QSignalSpy asked(m->view.get(), &CanvasView::adviceRequested);
        m->view->setAdvice(advice());
        const CanvasLayout &layout = m->view->canvas().layout();
        m->click(m->at(badgeRect(layout.stages[1].cards[0], layout.metrics, 2).center()));
        QCOMPARE(asked.size(), 1);
        QCOMPARE(m->selected(), std::vector{m->id(1, 0)});
        m->click(m->at(headerBadgeRect(layout.stages[0].header, layout.metrics, 1).center()));
        QCOMPARE(asked.size(), 2);
        QCOMPARE(m->document.selection().stage(), m->network().stages[0].id);
        m->click(m->at(badgeRect(layout.head, layout.metrics, 1).center()));
        QCOMPARE(asked.size(), 3);
        QVERIFY(m->document.selection().headSelected());
        m->click(m->card(1, 0)); // the card itself selects only
        QCOMPARE(asked.size(), 3);
        QCOMPARE(m->steps(), 0);
    }
    void screenReadersHearOfIt()
    {
        m->view->setAdvice(advice());
        m->document.selection().setBlocks({m->id(1, 0)});
        QVERIFY(m->view->accessibleDescription().contains(QStringLiteral("It is slow")));
    }
    void severitiesDifferInShapeToo()
    {
        // In one colour: a circle, a diamond and a triangle leave different marks.
        Theme theme = lightTheme();
        theme.mutedText = theme.fitTight = theme.fitOver = Qt::black;
        const CanvasMetrics metrics = CanvasMetrics::forFont(QApplication::font());
        std::vector<QImage> images;
        for (const LintSeverity severity :
             {LintSeverity::Info, LintSeverity::Advice, LintSeverity::Problem}) {
            QImage image(40, 24, QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            paintBadge(painter, theme, metrics, {2, 2, 34, 18}, {1, severity});
            painter.end();
            images.push_back(image);
        }
        QVERIFY(images[0] != images[1] && images[1] != images[2] && images[0] != images[2]);
    }

private:
    AdvicePtr advice()
    {
        auto advice = std::make_shared<Advice>();
        advice->network = m->network();
        advice->report = std::make_shared<const Report>();
        const auto finding = [&](LintSeverity severity, int stage, BlockId block,
                                 const char *what) {
            advice->findings.push_back({QStringLiteral("G1"),
                                        severity,
                                        stage,
                                        block,
                                        QString::fromLatin1(what),
                                        QStringLiteral("because of the peak"),
                                        {}});
        };
        finding(LintSeverity::Advice, -1, {}, "The design is odd");
        finding(LintSeverity::Info, 0, {}, "The stage is wide");
        finding(LintSeverity::Problem, 1, m->id(1, 0), "Its map is <large>");
        finding(LintSeverity::Advice, 1, m->id(1, 0), "It is slow");
        finding(LintSeverity::Advice, 2, {}, "The head is heavy");
        return advice;
    }
    std::unique_ptr<CanvasFixture> m;
};

QTEST_MAIN(TestCanvasAdvice)
#include "tst_canvas_advice.moc"
