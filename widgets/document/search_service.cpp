#include "widgets/document/search_service.h"

#include <QThreadPool>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <optional>
#include <utility>

namespace atomnet
{

namespace
{

const QString frontWork = QStringLiteral("Finding the Pareto front");

/// Up to so many networks the front is made of the whole space, once, and then only filtered.
constexpr double wholeFrontLimit = 2e9;
constexpr std::size_t keptTables = 8;

struct Problem {
    SearchSpace space;
    Target target;
    Knowledge knowledge;
    Estimates estimates = Estimates::Point;
    bool operator==(const Problem &) const = default;
};

using SearcherPtr = std::shared_ptr<const Searcher>;
using FrontPtr = std::shared_ptr<const Front>;

} // namespace

Front within(const Front &front, const SearchLimits &limits)
{
    const auto holds = [](std::optional<qint64> limit, qint64 value) {
        return !limit || value <= *limit;
    };
    Front found;
    std::copy_if(front.begin(), front.end(), std::back_inserter(found), [&](const FrontPoint &p) {
        return holds(limits.sramBytes, p.sramBytes) && holds(limits.flashBytes, p.flashBytes) &&
               holds(limits.latency, p.latency);
    });
    return found;
}

/// Two lines of work, one thread each: tables, queries and evolution; and the front, which takes
/// longer than a slider's step and stays of use when limits move.
struct SearchService::Private {
    struct Line {
        QThreadPool pool;
        std::shared_ptr<std::atomic_bool> cancel = std::make_shared<std::atomic_bool>(false);
        bool running = false, tables = false;
    };
    struct Question {
        SearchQuery query;
        bool front = false;
    };
    struct Evolution {
        SearchQuery query;
        Score score;
        EvolutionOptions options;
    };

    SearchService *q;
    Line main, side;
    std::optional<Problem> problem;
    std::vector<std::pair<Problem, SearcherPtr>> tables; ///< newest last
    SearcherPtr searcher;                                ///< of the problem; null until it is made
    std::optional<Error> tablesError;
    std::optional<Question> question;
    bool unanswered = false;
    std::optional<Evolution> evolution;
    std::shared_ptr<const SearchAnswer> last; ///< answer to the question
    SearcherPtr frontSearcher;                ///< what the front is, or is being, made of
    SearchQuery frontQuery;
    FrontPtr front;
    bool frontFailed = false, idle = true;

    explicit Private(SearchService *service) : q(service)
    {
        for (Line *line : {&main, &side}) {
            line->pool.setMaxThreadCount(1);
            line->pool.setExpiryTimeout(-1); // starting a thread costs as much as a query
        }
    }

    template <class Work, class Done>
    void run(Line &line, const QString &what, Work work, Done done)
    {
        line.cancel = std::make_shared<std::atomic_bool>(false);
        line.running = true;
        idle = false;
        line.pool.start([this, &line, what, work, done, cancel = line.cancel] {
            RunControl control;
            control.isCancelled = [cancel] { return cancel->load(std::memory_order_relaxed); };
            control.reportProgress = [this, what, cancel](double share) {
                QMetaObject::invokeMethod(q, [this, what, share, cancel] {
                    if (!cancel->load()) Q_EMIT q->progress(what, share);
                });
            };
            using Answer = decltype(work(control));
            auto answer = std::make_shared<Answer>(work(control));
            QMetaObject::invokeMethod(q, [this, &line, done, answer, cancel] {
                line.running = line.tables = false;
                if (!cancel->load()) done(std::move(*answer));
                next();
            });
        });
    }

    void fail(const Error &error)
    {
        if (error.code != ErrorCode::Cancelled) Q_EMIT q->failed(error);
    }

    void stop(Line &line) { line.cancel->store(true); }

    /// Begins what is due and not running yet.
    void next()
    {
        if (!main.running) {
            if (evolution && problem) // needs no tables
                runEvolution();
            else if (problem && !searcher && !tablesError)
                makeTables();
            else if (unanswered && searcher)
                solve();
        }
        // The question first: with it the front would only compete for the processor.
        if (!side.running && !unanswered && frontDue()) makeFront();
        if (!main.running && !side.running && !idle) {
            idle = true;
            Q_EMIT q->finished();
        }
    }

    void makeTables()
    {
        main.tables = true;
        const Problem asked = *problem;
        const auto work = [asked](const RunControl &control) {
            return Searcher::make(asked.space, asked.target, asked.knowledge, asked.estimates,
                                  control);
        };
        run(main, QStringLiteral("Making the tables of the search"), work,
            [this, asked](Result<Searcher> made) {
                if (!made) {
                    tablesError = made.error();
                    if (made.error().code != ErrorCode::Cancelled) unanswered = false;
                    return fail(made.error());
                }
                searcher = std::make_shared<const Searcher>(std::move(*made));
                if (tables.size() >= keptTables) tables.erase(tables.begin());
                tables.emplace_back(asked, searcher);
                Q_EMIT q->tablesReady(searcher);
            });
    }

    void solve()
    {
        unanswered = false;
        const Question asked = *question;
        const auto work = [asked, from = searcher](const RunControl &control) {
            return from->solve(asked.query, control);
        };
        run(main, QStringLiteral("Searching"), work,
            [this, asked, from = searcher](Result<SearchResult> result) {
                if (!result) return fail(result.error());
                auto answer = std::make_shared<SearchAnswer>();
                answer->query = asked.query;
                answer->result = std::move(*result);
                answer->searcher = from;
                addFront(*answer);
                last = answer;
                Q_EMIT q->answered(last);
            });
    }

    void runEvolution()
    {
        const Evolution asked = *std::exchange(evolution, std::nullopt);
        const auto work = [asked, on = *problem](const RunControl &control) {
            return atomnet::evolve(on.space, on.target, on.knowledge, asked.query.limits,
                                   asked.query.shape, on.estimates, asked.score, asked.options,
                                   control);
        };
        run(main, QStringLiteral("Evolving"), work, [this](Result<EvolutionResult> result) {
            if (!result) return fail(result.error());
            Q_EMIT q->evolved(std::make_shared<const EvolutionResult>(std::move(*result)));
        });
    }

    [[nodiscard]] bool isWhole() const
    {
        return countNetworks(frontSearcher->space()).distinct <= wholeFrontLimit;
    }
    /// What the front of the question is made from: limits and objective matter only when it is
    /// not made of the whole space.
    [[nodiscard]] SearchQuery frontQueryFor(const SearchQuery &query, const SearcherPtr &from) const
    {
        SearchQuery wanted;
        wanted.shape = query.shape;
        if (countNetworks(from->space()).distinct > wholeFrontLimit) wanted.limits = query.limits;
        return wanted;
    }
    [[nodiscard]] bool frontDue()
    {
        if (!question || !question->front || !searcher || !last || last->searcher != searcher)
            return false;
        const SearchQuery wanted = frontQueryFor(question->query, searcher);
        return frontSearcher != searcher || !(frontQuery == wanted) || (!front && !frontFailed);
    }
    /// A front under way that is no longer asked for is stopped.
    void dropStaleFront()
    {
        const bool stale =
            frontSearcher && (frontSearcher != searcher || !question ||
                              !(frontQuery == frontQueryFor(question->query, frontSearcher)));
        if (!stale) return;
        frontSearcher.reset();
        front.reset();
        stop(side);
    }

    void makeFront()
    {
        frontSearcher = searcher;
        frontQuery = frontQueryFor(question->query, searcher);
        front.reset();
        frontFailed = false;
        const auto work = [from = frontSearcher, query = frontQuery](const RunControl &control) {
            return from->front(query, control);
        };
        Q_EMIT q->progress(frontWork, -1); // it cannot say how far it is
        run(side, frontWork, work, [this](Result<Front> made) {
            if (!made) {
                frontFailed = true;
                return fail(made.error());
            }
            front = std::make_shared<const Front>(std::move(*made));
            if (!last || last->searcher != frontSearcher) return;
            auto answer = std::make_shared<SearchAnswer>(*last);
            addFront(*answer);
            if (!answer->front) return;
            last = answer;
            Q_EMIT q->answered(last);
        });
    }

    void addFront(SearchAnswer &answer) const
    {
        if (!front || frontSearcher != answer.searcher ||
            !(frontQuery == frontQueryFor(answer.query, answer.searcher)))
            return;
        if (isWhole()) answer.whole = front;
        answer.front = answer.query.limits == frontQuery.limits
                           ? front
                           : std::make_shared<const Front>(within(*front, answer.query.limits));
    }
};

SearchService::SearchService(QObject *parent) : QObject(parent), d(std::make_unique<Private>(this))
{
}

SearchService::~SearchService()
{
    cancel();
    d->main.pool.waitForDone();
    d->side.pool.waitForDone();
}

void SearchService::setProblem(const SearchSpace &space, const Target &target,
                               const Knowledge &knowledge, Estimates estimates)
{
    Problem problem{space, target, knowledge, estimates};
    std::erase_if(d->tables, [&](const auto &entry) {
        return !(entry.first.knowledge == knowledge && entry.first.target == target);
    });
    const auto known = std::find_if(d->tables.begin(), d->tables.end(),
                                    [&](const auto &entry) { return entry.first == problem; });
    d->problem = std::move(problem);
    d->searcher = known != d->tables.end() ? known->second : nullptr;
    d->tablesError.reset();
    d->last.reset();
    d->evolution.reset();
    d->unanswered = d->question.has_value();
    d->stop(d->main);
    d->dropStaleFront();
    if (d->searcher) {
        d->idle = false;
        QMetaObject::invokeMethod(
            this,
            [this, searcher = d->searcher] {
                if (searcher == d->searcher) Q_EMIT tablesReady(searcher);
                d->next();
            },
            Qt::QueuedConnection);
        return;
    }
    d->next();
}

void SearchService::ask(const SearchQuery &query, bool front)
{
    d->question = Private::Question{query, front};
    d->evolution.reset();
    if (d->tablesError && d->tablesError->code != ErrorCode::Cancelled) {
        QMetaObject::invokeMethod(
            this, [this, error = *d->tablesError] { Q_EMIT failed(error); }, Qt::QueuedConnection);
        return;
    }
    d->tablesError.reset();
    d->unanswered = true;
    if (!d->main.tables) d->stop(d->main);
    d->dropStaleFront();
    d->next();
}

void SearchService::evolve(const SearchQuery &query, const Score &score,
                           const EvolutionOptions &options)
{
    d->evolution = Private::Evolution{query, score, options};
    d->question.reset();
    d->unanswered = false;
    d->stop(d->main);
    d->dropStaleFront();
    d->next();
}

void SearchService::cancel()
{
    d->unanswered = false;
    d->question.reset();
    d->evolution.reset();
    if (d->main.tables) d->tablesError = Error{ErrorCode::Cancelled, {}, {}};
    d->stop(d->main);
    d->stop(d->side);
    if (!d->front) d->frontSearcher.reset();
}

bool SearchService::busy() const
{
    return d->main.running || d->side.running || d->unanswered || d->evolution;
}

} // namespace atomnet
