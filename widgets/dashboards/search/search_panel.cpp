#include "widgets/dashboards/search/search_panel.h"

#include "widgets/common/progress_strip.h"
#include "widgets/dashboards/search/front_view.h"
#include "widgets/dashboards/search/result_view.h"
#include "widgets/dashboards/search/search_question.h"
#include "widgets/dashboards/search/search_text.h"

#include <QFileInfo>
#include <QSplitter>
#include <QVBoxLayout>

#include <utility>

namespace atomnet
{

namespace
{

constexpr int settleMs = 150;
constexpr int frontAfterMs = 20;
constexpr double quickSeconds = 0.06; ///< the whole list may take so long while a slider moves

} // namespace

SearchPanel::SearchPanel(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_question(new SearchQuestion(this))
    , m_results(new ResultView(this))
    , m_front(new FrontView(this))
    , m_progress(new ProgressStrip(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
{
    setAccessibleName(QStringLiteral("Search"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_question);
    m_splitter->addWidget(m_results);
    m_splitter->addWidget(m_front);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setStretchFactor(2, 2);
    m_splitter->setSizes({390, 470, 390});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(2);
    column->addWidget(m_splitter, 1);
    column->addWidget(m_progress);
    setFocusProxy(m_question);
    m_settle.setSingleShot(true);
    m_showFront.setSingleShot(true);
    connect(&m_showFront, &QTimer::timeout, this, &SearchPanel::showFront);
    connect(&m_settle, &QTimer::timeout, this, [this] {
        if (m_inFlight)
            m_settle.start(settleMs); // the quick answer first
        else
            ask(false);
    });

    connectQuestion();
    connectService();
    connectResults();
    m_question->setTarget(document.target());
    connect(&document, &Document::targetChanged, this, [this](const Target &target) {
        m_question->setTarget(target);
        problemChanged();
    });
    connect(&document, &Document::networkChanged, this, &SearchPanel::designChanged);
    designChanged();
}

SearchPanel::~SearchPanel() = default;

void SearchPanel::connectQuestion()
{
    connect(m_question, &SearchQuestion::problemChanged, this, &SearchPanel::problemChanged);
    connect(m_question, &SearchQuestion::queryChanged, this, &SearchPanel::queryChanged);
    connect(m_question, &SearchQuestion::settled, this, [this] {
        if (m_settle.isActive()) m_settle.start(0);
    });
    connect(m_question, &SearchQuestion::searchRequested, this, &SearchPanel::search);
    connect(m_question, &SearchQuestion::cancelRequested, this, &SearchPanel::cancel);
    connect(m_question, &SearchQuestion::fileRequested, this, &SearchPanel::spaceFileRequested);
    connect(m_question, &SearchQuestion::stemRequested, this, [this](bool locked) {
        const Network &design = m_document.network();
        if (design.stages.empty()) return;
        SetLocked edit;
        edit.locked = locked;
        edit.stages = {design.stages.front().id};
        // What is refused stands in the message bar already.
        static_cast<void>(m_document
                              .edit(edit, locked ? QStringLiteral("Lock the stem")
                                                 : QStringLiteral("Unlock the stem"))
                              .has_value());
        problemChanged();
    });
}

void SearchPanel::connectService()
{
    connect(&m_service, &SearchService::tablesReady, this,
            [this](const std::shared_ptr<const Searcher> &searcher) {
                m_count = countNetworks(searcher->space());
                m_question->setRanges(searcher->ranges());
            });
    connect(&m_service, &SearchService::answered, this, &SearchPanel::showAnswer);
    connect(&m_service, &SearchService::evolved, this,
            [this](const std::shared_ptr<const EvolutionResult> &result) {
                m_answer.reset();
                m_question->setRunning(false);
                m_front->plot().setFront({}, {}, {}, unitOf(m_document.target()));
                m_front->plot().setHint(
                    QStringLiteral("Evolution goes by your accuracies and has no front; choose "
                                   "exact search under the method for one."));
                m_front->setCount({});
                m_question->setNote({}, false);
                m_results->setEvolved(*result, m_question->setup().limits, m_document.target());
            });
    connect(&m_service, &SearchService::failed, this, [this](const Error &error) {
        m_inFlight = m_again = false;
        refuse(error.message(), true);
    });
    connect(&m_service, &SearchService::progress, this,
            [this](const QString &what, double share) { m_progress->setProgress(what, share); });
    connect(&m_service, &SearchService::finished, this, [this] {
        m_progress->finish();
        m_question->setRunning(false);
        m_inFlight = false;
        if (m_again) ask(true);
    });
    connect(m_progress, &ProgressStrip::cancelRequested, this, &SearchPanel::cancel);
}

void SearchPanel::connectResults()
{
    connect(m_results, &ResultView::openRequested, this, &SearchPanel::openOnCanvas);
    connect(m_results, &ResultView::measureRequested, this, &SearchPanel::measureRequested);
    connect(m_results, &ResultView::limitRequested, this,
            [this](Figure figure, qint64 limit) { m_question->setLimit(figure, limit); });
    connect(m_results, &ResultView::estimatesRequested, this, [this] {
        SearchSetup setup = m_question->setup();
        setup.estimates = Estimates::Point;
        m_question->setSetup(setup);
        problemChanged();
    });
    connect(m_results, &ResultView::currentChanged, this, &SearchPanel::showMarks);
    connect(&m_front->plot(), &FrontPlot::pointChosen, this, [this](const FrontPoint &point) {
        if (m_answer && m_answer->searcher)
            m_results->setPicked(m_answer->searcher->candidate(point.choice));
    });
}

void SearchPanel::setKnowledge(const Knowledge &knowledge)
{
    if (knowledge == m_knowledge) return;
    m_knowledge = knowledge;
    problemChanged();
}

void SearchPanel::setReport(const ReportPtr &report)
{
    m_report = report;
    designChanged();
}

void SearchPanel::designChanged()
{
    const Network &design = m_document.network();
    const bool fresh = m_report && m_report->target == m_document.target();
    const ReportPtr report = fresh ? m_report : ReportPtr();
    m_question->setPresent(report, design);
    m_results->setPresent(report, design);
    showMarks();
    problemChanged(); // its locks may be others
}

Result<SearchSpace> SearchPanel::baseSpace()
{
    const QString name = m_question->setup().space;
    if (!m_space || m_spaceName != name) {
        m_space.reset();
        Result<SearchSpace> read = spaceByName(name);
        if (!read) return read;
        m_space = *std::move(read);
        m_spaceName = name;
    }
    return *m_space;
}

Result<SearchSpace> SearchPanel::problemSpace()
{
    const Result<SearchSpace> base = baseSpace();
    if (!base) return base;
    const SearchSetup setup = m_question->setup();
    m_question->setResolutions(base->resolutions,
                               setup.keepLocks && m_document.network().inputLocked);
    return m_question->setup().spaceFor(*base, m_document.network());
}

/// Tells the service when space, locks, target, knowledge or estimates differ from what it has.
void SearchPanel::problemChanged()
{
    const Result<SearchSpace> space = problemSpace();
    if (!space) return refuse(space.error().message(), false);
    const SearchSetup setup = m_question->setup();
    Asked now{*space, m_document.target(), m_knowledge, setup.estimates};
    if (m_asked && *m_asked == now) {
        m_question->setNote({}, false);
        return;
    }
    m_results->setOutdated(m_live);
    if (!m_live) return;
    if (visibleRegion().isEmpty()) { // also behind another dock's tab
        m_stale = true;
        return;
    }
    solve(now);
}

void SearchPanel::solve(const Asked &problem)
{
    m_question->setNote({}, false);
    m_stale = false;
    m_asked = problem;
    m_service.setProblem(problem.space, problem.target, problem.knowledge, problem.estimates);
    m_inFlight = false;
    ask(true); // the optimum first; list and count follow
}

void SearchPanel::queryChanged()
{
    if (!m_live) return;
    if (!m_question->setup().method.exact()) {
        m_results->setOutdated(true);
        return;
    }
    ask(true);
}

void SearchPanel::ask(bool moving)
{
    if (!m_live || !m_asked) return;
    const SearchSetup setup = m_question->setup();
    Result<SearchQuery> query = setup.query();
    if (!query) return refuse(query.error().message(), false);
    if (!setup.method.exact()) return;
    if (moving) {
        m_settle.start(settleMs);
        if (m_inFlight) { // its answer is a moment away, and would be lost
            m_again = true;
            return;
        }
        query->count = false;
        query->top = m_quickTop;
    }
    if (!moving) m_settle.stop();
    m_inFlight = moving;
    m_again = false;
    m_service.ask(*query, true);
}

void SearchPanel::search()
{
    m_live = true;
    const SearchSetup setup = m_question->setup();
    m_space.reset(); // a file may have been edited
    const Result<SearchSpace> space = problemSpace();
    if (!space) return refuse(space.error().message(), true);
    const Asked now{*space, m_document.target(), m_knowledge, setup.estimates};
    if (setup.method.exact()) return solve(now);
    const Result<SearchQuery> query = setup.query();
    if (!query) return refuse(query.error().message(), true);
    Result<Score> score = setup.score(*space);
    if (!score) return refuse(score.error().message(), true);
    m_question->setNote({}, false);
    if (!m_asked || !(*m_asked == now)) {
        m_asked = now;
        m_service.setProblem(now.space, now.target, now.knowledge, now.estimates);
    }
    m_question->setRunning(true);
    m_service.evolve(*query, *score, setup.method.evolution);
}

void SearchPanel::cancel()
{
    m_service.cancel();
    m_settle.stop();
    m_inFlight = m_again = false;
    m_asked.reset(); // Search begins anew
    m_live = false;
    m_question->setNote(QStringLiteral("Cancelled."), false);
}

void SearchPanel::showAnswer(const SearchAnswerPtr &answer)
{
    const bool sameResult =
        m_answer && m_answer->searcher == answer->searcher && m_answer->query == answer->query;
    const bool onlyFront = sameResult && answer->front && !m_answer->front;
    m_answer = answer;
    const Target &target = answer->searcher->target();
    showMarks();
    if (onlyFront) return;
    m_question->setNote({}, false);
    m_results->setResult(answer->result, answer->query.limits, m_count, target);
    m_inFlight = false;
    if (answer->query.top == SearchSetup::topCount)
        m_quickTop = answer->result.seconds < quickSeconds ? SearchSetup::topCount : 1;
    if (m_again) ask(true);
}

/// The front is shown after the optimum has been painted: it costs more, and may come a moment
/// later.
void SearchPanel::showMarks()
{
    if (!m_showFront.isActive()) m_showFront.start(frontAfterMs);
}

void SearchPanel::showFront()
{
    FrontPlot &plot = m_front->plot();
    if (m_answer) {
        plot.setFront(m_answer->front, m_answer->whole, m_answer->query.limits,
                      unitOf(m_answer->searcher->target()));
        if (m_answer->front)
            m_front->setCount(
                QStringLiteral("%1 points").arg(countText(double(m_answer->front->size()))));
        else
            plot.setHint(QStringLiteral("The Pareto front is on its way."));
    }
    const bool known =
        m_report && m_report->target == m_document.target() && m_report->latency.high;
    plot.setPresent(known ? std::optional(markOf(*m_report)) : std::nullopt);
    const bool feasible = m_answer && !m_answer->result.top.empty();
    plot.setOptimum(feasible ? std::optional(markOf(m_answer->result.top.front())) : std::nullopt);
    const Candidate *chosen = m_results->current();
    plot.setChosen(chosen ? std::optional(markOf(*chosen)) : std::nullopt);
}

void SearchPanel::refuse(const QString &sentence, bool aloud)
{
    m_question->setNote(sentence, true);
    m_question->setRunning(false);
    m_results->setOutdated(true);
    m_asked.reset();
    if (aloud) Q_EMIT failed(sentence);
}

void SearchPanel::useSpaceFile(const QString &path)
{
    const Result<SearchSpace> read = spaceByName(path);
    if (!read) return refuse(read.error().message(), true);
    SearchSetup setup = m_question->setup();
    setup.space = path;
    m_question->setSetup(setup);
    m_space.reset();
    problemChanged();
}

void SearchPanel::openOnCanvas()
{
    const Candidate *chosen = m_results->current();
    if (!chosen) return;
    Network found = withLocksOf(chosen->network, m_document.network());
    if (const auto done = m_document.edit(ReplaceNetwork{std::move(found)},
                                          QStringLiteral("Open a search result"));
        done)
        Q_EMIT opened(QStringLiteral("The search result is on the canvas; undo brings your design "
                                     "back."));
}

void SearchPanel::measureEstimated()
{
    if (const Candidate *chosen = m_results->current())
        Q_EMIT measureRequested(chosen->network);
    else
        Q_EMIT failed(QStringLiteral("There is no result to measure yet: press Search first."));
}

QVariantMap SearchPanel::state() const
{
    QVariantMap state = toMap(m_question->setup());
    state.insert(QStringLiteral("front"), m_front->figures());
    return state;
}

void SearchPanel::setState(const QVariantMap &state)
{
    SearchSetup setup = setupFrom(state);
    if (!state.contains(QStringLiteral("sram"))) setup.limits = m_question->setup().limits;
    if (QFileInfo(setup.space).suffix().size() > 0 && !QFileInfo::exists(setup.space))
        setup.space = SearchSetup().space; // the file of last time is gone
    m_question->setSetup(setup);
    m_front->setFigures(state.value(QStringLiteral("front")).toString());
    m_space.reset();
    problemChanged();
}

void SearchPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    // Not seen before the event is over.
    QMetaObject::invokeMethod(this, &SearchPanel::lookAgain, Qt::QueuedConnection);
}

void SearchPanel::lookAgain()
{
    if (std::exchange(m_stale, false)) problemChanged();
}

} // namespace atomnet
