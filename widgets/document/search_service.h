#pragma once

#include "core/search/evolution.h"
#include "core/search/search.h"

#include <QObject>

#include <memory>

namespace atomnet
{

using Front = std::vector<FrontPoint>;

/// What the Search dock shows: the answer to one query.
struct SearchAnswer {
    SearchQuery query;
    SearchResult result;
    std::shared_ptr<const Front> front; ///< within the limits; null when it is not there (yet)
    std::shared_ptr<const Front>
        whole; ///< without limits, so that it stands still while limits move; null for huge spaces
    std::shared_ptr<const Searcher> searcher; ///< that it is from: for designs of front points
};
using SearchAnswerPtr = std::shared_ptr<const SearchAnswer>;

/// The points within the limits, in their order. Of a whole front they are the front within the
/// limits: what would dominate one of them is within them, too.
[[nodiscard]] Front within(const Front &front, const SearchLimits &limits);

/// Exact search and evolution for the window, on threads of its own. The newest question wins: an
/// older one that runs is cancelled, those in between are never begun. Tables are kept until target
/// or knowledge change; the front until space, estimates or shape bounds do.
class SearchService : public QObject
{
    Q_OBJECT
public:
    explicit SearchService(QObject *parent = nullptr);
    ~SearchService() override;

    /// What is searched, from now on; tablesReady() or failed() follows, then the last query is
    /// answered again.
    void setProblem(const SearchSpace &space, const Target &target, const Knowledge &knowledge,
                    Estimates estimates);
    /// answered() or failed() follows, unless a newer question comes first. The optimum is answered
    /// before the front.
    void ask(const SearchQuery &query, bool front);
    /// On the present problem; evolved() or failed() follows.
    void evolve(const SearchQuery &query, const Score &score, const EvolutionOptions &options);
    void cancel();
    [[nodiscard]] bool busy() const;

Q_SIGNALS:
    void tablesReady(const std::shared_ptr<const atomnet::Searcher> &searcher);
    void answered(const atomnet::SearchAnswerPtr &answer); ///< again when the front is there
    void evolved(const std::shared_ptr<const atomnet::EvolutionResult> &result);
    void progress(const QString &what, double share);
    void failed(const atomnet::Error &error); ///< not for what was cancelled or superseded
    void finished();                          ///< nothing runs any more

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
