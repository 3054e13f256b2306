#include "core/analysis/knowledge.h"
#include "tests/core/search/tiny_space.h"
#include "widgets/dashboards/search/front_view.h"
#include "widgets/dashboards/search/limit_row.h"
#include "widgets/dashboards/search/result_view.h"
#include "widgets/dashboards/search/search_panel.h"
#include "widgets/dashboards/search/search_question.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QFrame>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

/// The Search dock as a person uses it: mouse and keys in, networks out. The space is a small one
/// from a file, so that every answer can be compared with a Searcher of its own.
class TestSearchPanel : public QObject
{
    Q_OBJECT

    static constexpr int patience = 30'000;
    QTemporaryDir m_folder;
    Target m_target;
    Knowledge m_knowledge;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<SearchPanel> m_panel;
    QStringList m_failures;

    template <class T>
    T *part(const char *name) const
    {
        return m_panel->findChild<T *>(QString::fromLatin1(name));
    }
    QString write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(name));
        file.write(bytes);
        return file.fileName();
    }
    void pressSearch() { QTest::mouseClick(part<QPushButton>("searchButton"), Qt::LeftButton); }
    const SearchAnswerPtr &answer() const
    {
        static SearchAnswerPtr last;
        last = m_panel->answer();
        return last;
    }
    /// Answered in full, for what the question says now.
    bool settled() const
    {
        const SearchAnswerPtr now = m_panel->answer();
        const auto query = m_panel->question().setup().query();
        return now && query && now->query == *query && now->front && !m_panel->service().busy();
    }
    const Candidate &best() const { return answer()->result.top.front(); }
    void choose(const char *box, int index)
    {
        auto *combo = part<QComboBox>(box);
        combo->setFocus();
        while (combo->currentIndex() != index)
            QTest::keyClick(combo, combo->currentIndex() < index ? Qt::Key_Down : Qt::Key_Up);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_target.board = boardById(QStringLiteral("qemu-m7")).value();
        m_knowledge = shippedKnowledge(m_target.board, m_target.runtime);
        QVERIFY(m_knowledge.model);
    }
    void init()
    {
        m_failures.clear();
        m_document = std::make_unique<Document>();
        QVERIFY(m_document->setTarget(m_target).has_value());
        // The design is a network of the space.
        Network design;
        design.name = QStringLiteral("mine");
        design.input = {16, 16, 3};
        for (int width : {16, 24}) {
            Stage stage;
            stage.name = QStringLiteral("s%1").arg(design.stages.size() + 1);
            Block block;
            block.type = design.stages.empty() ? BlockType::Conv : BlockType::Sep;
            block.out = width;
            block.stride = 2;
            block.act = design.stages.empty() ? Activation::Relu : Activation::HSwish;
            stage.blocks = {block};
            design.stages.push_back(stage);
        }
        design.head.classes = 10;
        m_document->setNew(design);
        m_panel = std::make_unique<SearchPanel>(*m_document);
        connect(m_panel.get(), &SearchPanel::failed, this,
                [this](const QString &sentence) { m_failures << sentence; });
        m_panel->setKnowledge(m_knowledge);
        const auto report = analyze(design, m_target, m_knowledge);
        QVERIFY(report.has_value());
        m_panel->setReport(std::make_shared<const Report>(*report));
        m_panel->useSpaceFile(write(QStringLiteral("tiny.json"), writeSpace(tinySpace())));
        QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(u'\n')));
        m_panel->resize(1264, 240);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }
    void cleanup()
    {
        m_panel.reset();
        m_document.reset();
    }

    void searchShowsTheProvenOptimum()
    {
        QVERIFY(!m_panel->isLive());
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const auto searcher = Searcher::make(tinySpace(), m_target, m_knowledge, Estimates::Point);
        QVERIFY(searcher.has_value());
        const auto direct = searcher->solve(answer()->query);
        QVERIFY(direct && direct->proven);
        QVERIFY(sameDesign(best().network, direct->top.front().network));
        QVERIFY(m_panel->results().proof().startsWith(
            QStringLiteral("Proven best of 288 networks, 288 feasible")));
        QVERIFY(m_panel->results().headline().contains(
            figureText(Figure::Macs, best().macs, TimeUnit::Instructions)));
        QCOMPARE(int(m_panel->results().listed().size()), SearchSetup::topCount);
        QCOMPARE(part<QTableView>("topList")->model()->rowCount(), SearchSetup::topCount);
        // Side by side with the design: figures, then stages.
        const auto *cells = part<QTableView>("sideBySide")->model();
        QCOMPARE(cells->columnCount(), 3);
        QVERIFY(cells->index(cells->rowCount() - 1, 1)
                    .data()
                    .toString()
                    .contains(QStringLiteral("SEP 24")));
        QVERIFY(m_failures.isEmpty());
    }

    void theAnswerFollowsTheSliderWhileItMoves()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const qint64 before = best().macs;
        auto *slider = part<MarkedSlider>("sramSlider");
        std::vector<qint64> seen;
        connect(&m_panel->service(), &SearchService::answered, this,
                [&](const SearchAnswerPtr &now) {
                    if (!now->result.top.empty()) seen.push_back(now->result.top.front().macs);
                });
        const int y = slider->height() / 2;
        QTest::mousePress(slider, Qt::LeftButton, {}, {slider->width() - 6, y});
        for (int x = slider->width() - 6; x > slider->width() / 3; x -= 3) {
            QTest::mouseMove(slider, {x, y});
            QTest::qWait(5);
        }
        QVERIFY(seen.size() >= 3); // while the button is still down
        QTest::mouseRelease(slider, Qt::LeftButton, {}, {slider->width() / 3, y});
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const auto limit = m_panel->question().setup().limits.sramBytes;
        QVERIFY(limit.has_value());
        QVERIFY(best().sramBytes <= *limit);
        QVERIFY(best().macs < before);
        QVERIFY(answer()->result.feasible.has_value());
        for (const FrontPoint &point : *answer()->front)
            QVERIFY(point.sramBytes <= *limit);
    }

    void aLockedStemIsKept()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        Stage stem = m_document->network().stages[0];
        stem.blocks[0].out = 12; // not even in the space
        ChangeBlocks edit;
        edit.blocks = {stem.blocks[0].id};
        edit.patch.out = 12;
        QVERIFY(m_document->edit(edit, QStringLiteral("Width")).has_value());
        const int steps = m_document->undoStack().index();
        QTest::mouseClick(part<QToolButton>("lockStem"), Qt::LeftButton);
        QCOMPARE(m_document->undoStack().index(), steps + 1);
        QVERIFY(m_document->network().stages[0].locked);
        QVERIFY(part<QCheckBox>("keepLocks")->text().contains(stem.name));
        QTRY_VERIFY_WITH_TIMEOUT(settled() && best().network.stages[0].blocks[0].out == 12,
                                 patience);
        for (const Candidate &each : answer()->result.top)
            QCOMPARE(each.network.stages[0].blocks[0].out, 12);
        // The lock may be left out of the question.
        QTest::mouseClick(part<QCheckBox>("keepLocks"), Qt::LeftButton, {}, {8, 8});
        QTRY_VERIFY_WITH_TIMEOUT(settled() && best().network.stages[0].blocks[0].out == 16,
                                 patience);
    }

    void openingOnTheCanvasIsOneUndoStepAndKeepsLocks()
    {
        QTest::mouseClick(part<QToolButton>("lockStem"), Qt::LeftButton);
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const Network before = m_document->network();
        const int steps = m_document->undoStack().index();
        const Candidate wanted = best();
        QTest::mouseClick(part<QPushButton>("openOnCanvas"), Qt::LeftButton);
        QCOMPARE(m_document->undoStack().index(), steps + 1);
        QCOMPARE(m_document->network().stages[1].blocks[0].out,
                 wanted.network.stages[1].blocks[0].out);
        QVERIFY(m_document->network().stages[0].locked);
        QVERIFY(!m_document->network().stages[1].locked);
        m_document->undoStack().undo();
        QVERIFY(sameDesign(m_document->network(), before));
        // Another of the list, by keys alone.
        auto *tabs = part<QTabBar>("resultTabs");
        if (tabs->isVisible()) tabs->setCurrentIndex(1);
        auto *list = part<QTableView>("topList");
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Down);
        QCOMPARE(m_panel->results().current()->macs, answer()->result.top[1].macs);
        QTest::keyClick(list, Qt::Key_Return);
        const auto opened = analyze(m_document->network(), m_target, m_knowledge);
        QCOMPARE(opened->macs, answer()->result.top[1].macs);
        QCOMPARE(opened->sram.value, answer()->result.top[1].sramBytes);
        QCOMPARE(opened->flash.value, answer()->result.top[1].flashBytes);
        QCOMPARE(opened->latency.value, answer()->result.top[1].latency);
    }

    void infeasibleLimitsNameTheOneThatBindsAndAButtonSetsIt()
    {
        m_panel->question().setLimit(Figure::Sram, 1024);
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(answer() && !m_panel->service().busy(), patience);
        QVERIFY(answer()->result.top.empty());
        QVERIFY2(m_panel->results().headline().contains(QStringLiteral("SRAM")),
                 qPrintable(m_panel->results().headline()));
        QVERIFY(!part<QPushButton>("openOnCanvas")->isEnabled());
        auto *fix = part<QPushButton>("fixSRAM");
        QVERIFY(fix && fix->isVisible());
        QTest::mouseClick(fix, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(settled() && !answer()->result.top.empty(), patience);
        const qint64 limit = *m_panel->question().setup().limits.sramBytes;
        QCOMPARE(best().sramBytes, limit); // the nearest feasible, exactly
        QVERIFY(!part<QPushButton>("fixSRAM") || !part<QPushButton>("fixSRAM")->isVisible());
    }

    void aBrokenSpaceFileSaysWhere()
    {
        QByteArray broken = writeSpace(tinySpace());
        broken.replace("\"widths\"", "\"breadths\"");
        const QString before = m_panel->question().setup().space;
        m_panel->useSpaceFile(write(QStringLiteral("broken.json"), broken));
        QCOMPARE(m_failures.size(), 1);
        QVERIFY2(m_failures[0].contains(QStringLiteral("broken.json:")), qPrintable(m_failures[0]));
        QCOMPARE(m_panel->question().note(), m_failures[0]);
        QCOMPARE(m_panel->question().setup().space, before);
        pressSearch(); // the old space is as good as before
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
    }

    void estimatesModesAreOtherQuestions()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const qint64 point = best().latency;
        choose("estimates", 2);
        QTRY_VERIFY_WITH_TIMEOUT(
            settled() && m_panel->question().setup().estimates == Estimates::Pessimistic &&
                best().latency != point,
            patience);
        QVERIFY(best().latency > point);
        QVERIFY(part<QComboBox>("estimates")->toolTip().contains(QStringLiteral("upper end")));
        choose("estimates", 0); // nothing is measured
        QTRY_VERIFY_WITH_TIMEOUT(answer()->result.top.empty() && !m_panel->service().busy(),
                                 patience);
        auto *fix = part<QPushButton>("fixEstimates");
        QVERIFY2(fix && fix->isVisible(), qPrintable(m_panel->results().headline()));
        QTest::mouseClick(fix, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(settled() && !answer()->result.top.empty(), patience);
        QCOMPARE(best().latency, point);
    }

    void aResolutionIsChosenBySlider()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        QCOMPARE(best().network.input.h, 24);
        auto *slider = part<QSlider>("resolutionSlider");
        QCOMPARE(slider->maximum(), 2);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Right);
        QTRY_VERIFY_WITH_TIMEOUT(settled() && best().network.input.h == 16, patience);
        QCOMPARE(part<QComboBox>("resolution")->currentText(), QStringLiteral("16 \u00d7 16"));
        QTest::keyClick(slider, Qt::Key_Left);
        QTRY_VERIFY_WITH_TIMEOUT(settled() && best().network.input.h == 24, patience);
    }

    void shapeBoundsAreKept()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        QTest::mouseClick(part<QToolButton>("shape"), Qt::LeftButton);
        auto *growth = part<QDoubleSpinBox>("maxWidthGrowth");
        QVERIFY(growth->isVisible());
        growth->setFocus();
        growth->selectAll();
        QTest::keyClicks(growth, QStringLiteral("1"));
        QTest::keyClick(growth, Qt::Key_Tab);
        QTest::keyClick(growth->window(), Qt::Key_Escape);
        QVERIFY(!growth->isVisible());
        QCOMPARE(m_panel->question().setup().shape.maxWidthGrowth, 1.0);
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        for (const Candidate &each : answer()->result.top)
            QVERIFY(each.network.stages[1].blocks[0].out <= each.network.stages[0].blocks[0].out);
    }

    void aDotOfTheFrontJoinsTheList()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        FrontPlot &plot = m_panel->front().plot();
        const auto drawn = [&plot] {
            static_cast<void>(plot.grab());
            return !plot.edge().empty();
        };
        QTRY_VERIFY(drawn());
        const FrontPoint point = answer()->front->front();
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.placeOf(point).toPoint());
        const Candidate *chosen = m_panel->results().current();
        QVERIFY(chosen);
        QCOMPARE(int(m_panel->results().listed().size()), SearchSetup::topCount + 1);
        QCOMPARE(chosen, &m_panel->results().listed().back());
        const int index = plot.pointAt(plot.placeOf(point).toPoint());
        QCOMPARE(chosen->macs, (*answer()->front)[std::size_t(index)].macs);
    }

    void contradictingLocksAreOneSentence()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        // Stage 3 of the design is locked, and the space has but two.
        Network design = m_document->network();
        Stage third = design.stages[1];
        third.name = QStringLiteral("s3");
        third.locked = true;
        design.stages.push_back(third);
        QVERIFY(m_document->edit(ReplaceNetwork{design}, QStringLiteral("x")).has_value());
        QVERIFY2(m_panel->question().note().contains(QStringLiteral("s3")),
                 qPrintable(m_panel->question().note()));
        QVERIFY(m_failures.isEmpty()); // nobody asked just now
        pressSearch();
        QCOMPARE(m_failures.size(), 1);
    }

    void evolutionGoesByATable()
    {
        // Accuracy: the wider, the better, and nothing else counts.
        QByteArray table = "resolution,s1.width,s2.type,s2.width,s2.depth,s2.kernel,s2.expand,"
                           "s2.se,accuracy\n";
        for (int side : {16, 24})
            for (int stem : {8, 16})
                for (int width : {8, 16, 24})
                    for (int depth : {1, 2})
                        for (int kernel : {3, 5})
                            for (const char *se : {"no", "yes"})
                                for (const char *type : {"sep,1", "convnext,1", "convnext,3"}) {
                                    const QByteArrayList parts = QByteArray(type).split(',');
                                    table +=
                                        QByteArray::number(side) + ',' + QByteArray::number(stem) +
                                        ',' + parts[0] + ',' + QByteArray::number(width) + ',' +
                                        QByteArray::number(depth) + ',' +
                                        QByteArray::number(kernel) + ',' + parts[1] + ',' + se +
                                        ',' + QByteArray::number(width == 24 ? 0.9 : 0.5) + '\n';
                                }
        SearchSetup setup = m_panel->question().setup();
        setup.method.kind = SearchMethod::Kind::EvolutionTable;
        setup.method.tablePath = write(QStringLiteral("accuracy.csv"), table);
        setup.method.evolution.evaluations = 60;
        setup.method.evolution.population = 16;
        setup.method.evolution.tournament = 4;
        m_panel->question().setSetup(setup);
        QSignalSpy evolved(&m_panel->service(), &SearchService::evolved);
        pressSearch();
        QTRY_VERIFY2_WITH_TIMEOUT(!evolved.isEmpty() || !m_failures.isEmpty(), "nothing came",
                                  patience);
        QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(u'\n')));
        QVERIFY(!m_panel->results().listed().empty());
        QCOMPARE(m_panel->results().listed().front().network.stages[1].blocks[0].out, 24);
        QVERIFY(m_panel->results().headline().startsWith(QStringLiteral("Accuracy 0.9")));
        QVERIFY(m_panel->results().proof().contains(QStringLiteral("proves nothing")));
        // A table that is not there is said.
        setup.method.tablePath = m_folder.filePath(QStringLiteral("none.csv"));
        m_panel->question().setSetup(setup);
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(!m_failures.isEmpty(), patience);
        QVERIFY(m_failures[0].contains(QStringLiteral("none.csv")));
    }

    void cancelStopsAndSearchBeginsAnew()
    {
        SearchSetup setup = m_panel->question().setup();
        setup.space = QStringLiteral("paper-wide");
        m_panel->question().setSetup(setup);
        pressSearch();
        QVERIFY(m_panel->service().busy());
        m_panel->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!m_panel->service().busy(), 5000);
        QVERIFY(!m_panel->answer());
        QVERIFY(m_failures.isEmpty());
        setup.space = m_folder.filePath(QStringLiteral("tiny.json"));
        m_panel->question().setSetup(setup);
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
    }

    void newKnowledgeSolvesAgainByItself()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        const SearchAnswerPtr before = m_panel->answer();
        Knowledge other = m_knowledge;
        other.model = std::make_shared<const LatencyModel>(*m_knowledge.model);
        m_panel->setKnowledge(other);
        QTRY_VERIFY_WITH_TIMEOUT(settled() && m_panel->answer()->searcher != before->searcher,
                                 patience);
        // Not while nobody looks, but then at once.
        m_panel->hide();
        m_panel->setKnowledge(m_knowledge);
        QTest::qWait(50);
        QVERIFY(!m_panel->service().busy());
        m_panel->show();
        const auto searcher = m_panel->answer()->searcher;
        QTRY_VERIFY_WITH_TIMEOUT(settled() && m_panel->answer()->searcher != searcher, patience);
    }

    void theStateComesBack()
    {
        m_panel->question().setLimit(Figure::Sram, 40'000);
        m_panel->question().setLimit(Figure::Latency, 5'000'000);
        choose("frontX", 2);
        const QVariantMap state = m_panel->state();
        SearchPanel other(*m_document);
        other.setState(state);
        QCOMPARE(other.state(), state);
        QCOMPARE(other.question().setup().limits, m_panel->question().setup().limits);
        QCOMPARE(other.front().figures(), m_panel->front().figures());
    }

    void boardLimitsFollowTheBoardUntilSomeoneSetsThem()
    {
        const Board f746 = boardById(QStringLiteral("stm32f746")).value();
        const Board h743 = boardById(QStringLiteral("stm32h743")).value();
        QVERIFY(!m_panel->question().setup().limits.sramBytes); // virtual: no limit
        QVERIFY(m_document->setTarget({f746, Runtime::AtomNet1, 0, 0}).has_value());
        QCOMPARE(*m_panel->question().setup().limits.sramBytes, f746.sramBytes);
        QCOMPARE(*m_panel->question().setup().limits.flashBytes, f746.flashBytes);
        QVERIFY(!m_panel->question().setup().limits.latency);
        m_panel->question().setLimit(Figure::Sram, 100'000);
        QVERIFY(m_document->setTarget({h743, Runtime::AtomNet1, 0, 1024}).has_value());
        QCOMPARE(*m_panel->question().setup().limits.sramBytes, 100'000);
        QCOMPARE(*m_panel->question().setup().limits.flashBytes, h743.flashBytes - 1024);
    }

    void everyControlIsReachedByTabAndHasAName()
    {
        pressSearch();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
        std::vector<QWidget *> missing;
        const QList<QWidget *> widgets = m_panel->findChildren<QWidget *>();
        for (QWidget *widget : widgets) {
            const bool control =
                qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget) ||
                qobject_cast<QAbstractSlider *>(widget) || qobject_cast<QTableView *>(widget);
            if (!control || !widget->isVisible() || widget->window() != m_panel.get()) continue;
            if (qobject_cast<QScrollBar *>(widget) || widget->objectName().startsWith(u"qt_") ||
                widget->inherits("QTableCornerButton") || widget->inherits("QTabBar"))
                continue;
            const auto *button = qobject_cast<QAbstractButton *>(widget);
            const bool named =
                !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
            if (widget->isEnabled() && (!(widget->focusPolicy() & Qt::TabFocus) || !named))
                missing.push_back(widget);
        }
        for (const QWidget *widget : missing)
            qWarning() << widget << widget->accessibleName();
        QVERIFY(missing.empty());
    }
};

QTEST_MAIN(TestSearchPanel)
#include "tst_search_panel.moc"
