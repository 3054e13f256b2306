#pragma once

#include "core/search/evolution.h"
#include "core/search/search.h"

#include <QObject>

#include <memory>

namespace atomnet
{

/// What the Search dock shows: the answer to one query.
struct SearchAnswer {
    SearchQuery query;
    SearchResult result;
    std::vector<FrontPoint> front;            ///< when asked for
    std::shared_ptr<const Searcher> searcher; ///< that it is from: for designs of front points
};
using SearchAnswerPtr = std::shared_ptr<const SearchAnswer>;

/// Exact search and evolution for the window, on threads of its own. The newest question wins: an
/// older one that runs is cancelled, those in between are never begun. Tables are kept until space,
/// target, knowledge or estimates change.
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
    void evolve(const SearchQuery &query, const Score &score, const EvolutionOptions &options);
    void cancel();
    [[nodiscard]] bool busy() const;

Q_SIGNALS:
    void tablesReady(const std::shared_ptr<const atomnet::Searcher> &searcher);
    void answered(const atomnet::SearchAnswerPtr &answer); ///< first without, then with the front
    void evolved(const std::shared_ptr<const atomnet::EvolutionResult> &result);
    void progress(const QString &what, double share);
    void failed(const atomnet::Error &error); ///< not for what was cancelled or superseded
    void finished();                          ///< nothing runs any more

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
