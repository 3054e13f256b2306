#include "app/cli/progress_line.h"

#include <csignal>

namespace atomnet
{

namespace
{

volatile std::sig_atomic_t interrupted = 0;

void interrupt(int)
{
    interrupted = 1;
    std::signal(SIGINT, SIG_DFL);
}

} // namespace

RunControl ProgressLine::control()
{
    if (!m_console.showProgress) return {};
    return {{}, [this](double share) { show(int(share * 100)); }};
}

void ProgressLine::finished()
{
    if (m_shown >= 0)
        m_console.err << '\r' << QString(m_text.size() + 8, u' ') << '\r' << Qt::flush;
    m_shown = -1;
}

void ProgressLine::show(int percent)
{
    if (percent == m_shown) return;
    m_shown = percent;
    m_console.err << '\r' << m_text << QStringLiteral(" %1 %").arg(percent, 3) << Qt::flush;
}

Interruptible::Interruptible()
{
    interrupted = 0;
    m_before = std::signal(SIGINT, interrupt);
}

Interruptible::~Interruptible()
{
    std::signal(SIGINT, m_before);
}

RunControl Interruptible::control(RunControl inner) const
{
    inner.isCancelled = [] { return interrupted != 0; };
    return inner;
}

} // namespace atomnet
