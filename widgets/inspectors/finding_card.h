#pragma once

#include "widgets/document/advice.h"

#include <QFrame>

#include <vector>

namespace atomnet
{

class FixButton;

/// One finding: how bad, what, why, and a button for each quick fix.
class FindingCard : public QFrame
{
    Q_OBJECT
public:
    /// `place` stands before what is found; empty where that is clear.
    FindingCard(const LintFinding &finding, const QString &place, TimeUnit unit,
                QWidget *parent = nullptr);

    [[nodiscard]] const std::vector<FixButton *> &fixes() const { return m_fixes; }
    /// The one that the keys act on.
    void setCurrent(bool current);
    [[nodiscard]] bool isCurrent() const { return m_current; }

Q_SIGNALS:
    void fixLooked(int fix);
    void fixLeft();
    void fixChosen(int fix);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    LintSeverity m_severity;
    std::vector<FixButton *> m_fixes;
    bool m_current = false;
};

[[nodiscard]] FixButton *makeFixButton(const QuickFix &fix, TimeUnit unit, QWidget *parent);

} // namespace atomnet
