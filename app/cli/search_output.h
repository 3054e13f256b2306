#pragma once

#include "core/search/search.h"

#include <functional>

// What `search` prints.
namespace atomnet
{

/// One search and what it found.
struct SearchRun {
    SearchSpace space;
    SpaceCount count;
    Target target;
    QString objective; ///< as it was asked for
    SearchQuery query;
    Estimates estimates = Estimates::Point;
    bool exact = true;

    double seconds = 0;      ///< tables and optimum
    double countSeconds = 0; ///< of counting the feasible networks
    double frontSeconds = 0;
    SearchResult result;          ///< of evolution: top alone
    std::optional<Report> report; ///< of the optimum
    std::optional<int> evaluated; ///< networks that evolution scored

    bool hasFront = false;
    std::vector<FrontPoint> front;
    std::size_t frontDesigns = 0; ///< points that are printed with their design
    std::function<Network(quint64)> frontNetwork;
};

[[nodiscard]] QString searchText(const SearchRun &run);
[[nodiscard]] QString searchJson(const SearchRun &run);
/// "160: conv 24, sep 24, sep 48, next 64 e6 x2 se", for one line.
[[nodiscard]] QString networkLine(const Network &network);

} // namespace atomnet
