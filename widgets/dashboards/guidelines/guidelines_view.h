#pragma once

#include "core/analysis/guidelines/guidelines.h"

#include <QWidget>

class QLabel;
class QListWidget;

namespace atomnet
{

class EvidenceView;

/// "Holds", "Does not hold here", "Cannot be told".
[[nodiscard]] QString holdsWords(Holds holds);

/// The paper's guidelines as a list, each with whether it holds (in words and as an icon) and what
/// AtomDB says; of the chosen one the evidence as a chart.
class GuidelinesView : public QWidget
{
    Q_OBJECT
public:
    explicit GuidelinesView(QWidget *parent = nullptr);

    /// Keeps the chosen guideline. None: says that they are on their way.
    void setGuidelines(std::vector<Guideline> guidelines);
    /// Chooses the guideline with this id ("G1"); false when there is none.
    bool choose(const QString &id);
    [[nodiscard]] QString chosen() const; ///< its id; empty when there is none

private:
    void present(int index);

    std::vector<Guideline> m_guidelines;
    QListWidget *m_list;
    QLabel *m_title, *m_paper, *m_finding;
    EvidenceView *m_evidence;
};

} // namespace atomnet
