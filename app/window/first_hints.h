#pragma once

#include <QFrame>

class QLabel;
class QToolButton;

namespace atomnet
{

/// The first minute: three things to try, each ticked off when done. Gone for good when all are, or
/// when closed.
class FirstHints : public QFrame
{
    Q_OBJECT
public:
    enum class Hint : quint8 { DragBlock, ChooseBoard, Measure };
    static constexpr int hintCount = 3;

    explicit FirstHints(QWidget *parent = nullptr);
    void done(Hint hint);
    [[nodiscard]] bool isDone(Hint hint) const { return m_done[std::size_t(hint)]; }

Q_SIGNALS:
    void measureRequested(); ///< the third hint was pressed

private:
    void dismiss();
    void refresh();
    bool m_done[hintCount] = {};
    QLabel *m_labels[hintCount - 1] = {};
    QToolButton *m_measure; ///< the last hint is done by pressing it
};

} // namespace atomnet
