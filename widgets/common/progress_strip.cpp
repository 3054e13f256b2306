#include "widgets/common/progress_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace atomnet
{

QString etaText(double seconds)
{
    if (!(seconds >= 0)) return {};
    if (seconds < 1) return ProgressStrip::tr("less than 1 s left");
    if (seconds < 60) return ProgressStrip::tr("about %1 s left").arg(std::lround(seconds));
    if (seconds < 5400)
        return ProgressStrip::tr("about %1 min left").arg(std::max(1L, std::lround(seconds / 60)));
    return ProgressStrip::tr("about %1 h left")
        .arg(std::max(1L, std::lround(std::min(seconds, 3.6e8) / 3600)));
}

ProgressStrip::ProgressStrip(QWidget *parent)
    : QFrame(parent)
    , m_what(new QLabel(this))
    , m_eta(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QToolButton(this))
{
    setObjectName(QStringLiteral("progressStrip"));
    m_what->setTextFormat(Qt::PlainText);
    m_what->setObjectName(QStringLiteral("what"));
    m_eta->setObjectName(QStringLiteral("eta"));
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(10);
    m_bar->setMinimumWidth(80);
    m_cancel->setObjectName(QStringLiteral("cancel"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setToolButtonStyle(Qt::ToolButtonTextOnly);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 3, 6, 3);
    layout->setSpacing(10);
    layout->addWidget(m_what);
    layout->addWidget(m_bar, 1);
    layout->addWidget(m_eta);
    layout->addWidget(m_cancel);

    m_appear.setSingleShot(true);
    m_appear.setInterval(delayMs);
    connect(&m_appear, &QTimer::timeout, this, &QWidget::show);
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        m_cancel->setEnabled(false); // once: the work needs a moment to stop
        m_eta->setText(tr("stopping"));
        Q_EMIT cancelRequested();
    });
    hide();
}

void ProgressStrip::setProgress(const QString &what, double share, double etaSeconds)
{
    if (!m_running) {
        m_running = true;
        m_cancel->setEnabled(true);
        m_elapsed.start();
        m_appear.start();
    }
    m_what->setText(what);
    setAccessibleName(what);
    m_bar->setAccessibleName(what);
    const bool known = share >= 0;
    m_bar->setRange(0, known ? 1000 : 0); // 0, 0 is the bar of unknown length
    if (known) m_bar->setValue(int(std::lround(std::min(share, 1.0) * 1000)));
    if (!m_cancel->isEnabled()) return; // keeps "stopping"
    if (etaSeconds < 0 && share > 0.02 && share <= 1)
        etaSeconds = double(m_elapsed.elapsed()) / 1000 * (1 - share) / share;
    m_eta->setText(etaText(etaSeconds));
}

void ProgressStrip::finish()
{
    m_running = false;
    m_appear.stop();
    hide();
}

} // namespace atomnet
