#pragma once

#include "widgets/document/advice.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace atomnet
{

class Document;
class FindingCard;
class FixButton;

/// The inspector's advice on what is selected, or on the whole design: what, why, and the quick
/// fixes. Looking at a fix shows its outcome as a preview; choosing it is one undo step.
class AdvicePanel : public QWidget
{
    Q_OBJECT
public:
    explicit AdvicePanel(Document &document, QWidget *parent = nullptr);
    ~AdvicePanel() override;

    /// Null: there is none yet.
    void setAdvice(const AdvicePtr &advice);
    [[nodiscard]] const AdvicePtr &advice() const { return m_advice; }

    /// The next (1) or previous (-1) finding of the design: selects what it is about and becomes
    /// the current one. False when there is none.
    bool step(int direction);
    /// The first fix of the current finding, else of the first one shown that has any. False when
    /// there is none.
    bool applyFirst();
    /// Selects nothing and shows what the SRAM peak is made of and what would lower it.
    void showPeak();

    /// Scrolls to the first finding that is shown.
    void reveal();

    /// What is shown, in its order.
    [[nodiscard]] const std::vector<FindingCard *> &cards() const { return m_cards; }
    [[nodiscard]] const std::vector<FixButton *> &peakFixes() const { return m_peakFixes; }
    [[nodiscard]] int current() const { return m_current; } ///< index of a finding; -1: none

Q_SIGNALS:
    void revealWanted(QWidget *part); ///< scroll there

private:
    void rebuild();
    void forget();
    void addPeak(QVBoxLayout &column);
    void addFindings(QVBoxLayout &column);
    void addCard(QVBoxLayout &column, int finding, const QString &place);
    void addRows(QVBoxLayout &column, const std::vector<int> &findings, const QString &title);
    void showCurrent();
    void go(int finding);
    void look(const QuickFix &fix);
    void lookAway();
    bool choose(const QuickFix &fix);
    [[nodiscard]] bool valid() const; ///< the fixes are of the present design
    [[nodiscard]] std::vector<FindingPlace> selectedPlaces() const;

    Document &m_document;
    AdvicePtr m_advice;
    AdvicePtr m_waiting; ///< newer, on the same design; for when nobody looks at a fix
    QWidget *m_content = nullptr;
    QWidget *m_peak = nullptr; ///< null: not shown
    std::vector<FindingCard *> m_cards;
    std::vector<int> m_shown; ///< finding of each card
    std::vector<FixButton *> m_peakFixes;
    int m_current = -1;
    bool m_stepping = false;   ///< the selection is being changed from here
    bool m_previewing = false; ///< the document's preview is ours
};

} // namespace atomnet
