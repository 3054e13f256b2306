#pragma once

#include "core/device/session.h"

#include <functional>
#include <map>
#include <set>

namespace atomnet::test
{

/// A board that does what a test tells it: right outputs, and whatever times and troubles are
/// wanted.
struct Board {
    ap_hello_t hello;
    int runs = -1000; ///< operators asked for since forget()
    std::vector<ap_run_operator_t> asked;
    int opened = 0;
    int absent = 0; ///< calls of open() that find nothing, from now on

    /// Counts of the repetitions of a run (0, 1, ... since forget()); 1000 each when empty.
    std::function<std::vector<uint32_t>(int run, const ap_run_operator_t &request)> counts;
    std::set<int> unplugged;            ///< runs in which the board goes away
    std::set<int> silent;               ///< runs that are never answered
    std::set<int> wrong;                ///< runs whose output is another one
    std::map<int, ap_status_t> refused; ///< runs that end so
    std::function<void(int run)> whileRunning;

    /// Begins to count (anew), and to do what is told: behind trust(), which runs operators too.
    void forget();
};

/// A real board at 400 MHz with room for every test, or a virtual one.
[[nodiscard]] std::shared_ptr<Board> makeBoard(bool isVirtual = false);
[[nodiscard]] std::unique_ptr<Link> linkTo(std::shared_ptr<Board> board);
/// A trusted session with it.
[[nodiscard]] Session sessionWith(const std::shared_ptr<Board> &board);

} // namespace atomnet::test
