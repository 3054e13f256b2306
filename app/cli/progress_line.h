#pragma once

#include "app/cli/commands.h"
#include "core/base/run_control.h"

namespace atomnet
{

/// Shows a share done on a terminal, on one line that `finished` clears.
class ProgressLine
{
public:
    ProgressLine(Console &console, QString text) : m_console(console), m_text(std::move(text)) {}
    [[nodiscard]] RunControl control();
    void finished();

private:
    void show(int percent);

    Console &m_console;
    QString m_text;
    int m_shown = -1;
};

/// While it lives, Ctrl+C asks the work to stop instead of ending the program, so that nothing
/// half-done stays behind. A second one ends it.
class Interruptible
{
public:
    Interruptible();
    ~Interruptible();
    Interruptible(const Interruptible &) = delete;
    Interruptible &operator=(const Interruptible &) = delete;
    /// The same, and cancelled once interrupted.
    [[nodiscard]] RunControl control(RunControl inner) const;

private:
    void (*m_before)(int);
};

} // namespace atomnet
