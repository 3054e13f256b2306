#pragma once

#include <QElapsedTimer>
#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QToolButton;

namespace atomnet
{

/// "about 3 s left", "about 2 min left"; empty when not known (below 0).
[[nodiscard]] QString etaText(double seconds);

/// A strip that says what runs, how far it is and how long it still takes, with Cancel. Never
/// modal. Appears only when the work lasts longer than half a second.
class ProgressStrip : public QFrame
{
    Q_OBJECT
public:
    static constexpr int delayMs = 500;

    explicit ProgressStrip(QWidget *parent = nullptr);

    /// Starts, or updates what runs. `share` is 0 to 1, below 0 when not known; `etaSeconds` below
    /// 0: the strip works it out from the share done so far.
    void setProgress(const QString &what, double share, double etaSeconds = -1);
    /// The work ended, well or not.
    void finish();
    [[nodiscard]] bool isRunning() const { return m_running; }

Q_SIGNALS:
    void cancelRequested();

private:
    QLabel *m_what = nullptr;
    QLabel *m_eta = nullptr;
    QProgressBar *m_bar = nullptr;
    QToolButton *m_cancel = nullptr;
    QTimer m_appear;
    QElapsedTimer m_elapsed;
    bool m_running = false;
};

} // namespace atomnet
