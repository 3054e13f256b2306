#pragma once

#include "core/search/evolution.h"
#include "core/search/search.h"

#include <QVariantMap>

namespace atomnet
{

/// How the best networks are looked for, and by what.
struct SearchMethod {
    enum class Kind : quint8 { Exact, EvolutionTable, EvolutionCommand };
    Kind kind = Kind::Exact;
    QString tablePath;          ///< accuracies (EvolutionTable)
    QString command;            ///< program and arguments as in a shell (EvolutionCommand)
    int timeoutSeconds = 60;    ///< for one answer of the command
    EvolutionOptions evolution; ///< `top` is not used
    [[nodiscard]] bool exact() const { return kind == Kind::Exact; }
};

/// What the left side of the Search dock asks for.
struct SearchSetup {
    static constexpr int topCount = 20;

    QString space = QStringLiteral("paper"); ///< for spaceByName(): a name or a file
    int resolution = 0;                      ///< 0: any of the space's
    bool keepLocks = true;
    Estimates estimates = Estimates::Point;
    SearchLimits limits;
    QString objective = QStringLiteral("macs"); ///< for objectiveFrom()
    ShapeBounds shape;
    SearchMethod method;

    /// Usage for an objective that cannot be read.
    [[nodiscard]] Result<SearchQuery> query() const;
    /// The space with what this keeps of it and of the design. BadInput as spaceByName() and
    /// lockedSpace().
    [[nodiscard]] Result<SearchSpace> spaceFor(const SearchSpace &base,
                                               const Network &design) const;
    /// The score that evolution goes by.
    [[nodiscard]] Result<Score> score(const SearchSpace &space) const;
};

/// For settings; what is not there or makes no sense is as in a new SearchSetup.
[[nodiscard]] QVariantMap toMap(const SearchSetup &setup);
[[nodiscard]] SearchSetup setupFrom(const QVariantMap &map);

} // namespace atomnet
