#pragma once

#include "core/search/evolution.h"
#include "widgets/dashboards/search/search_figures.h"

#include <QWidget>

#include <memory>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QTabBar;
class QTableView;

namespace atomnet
{

class CellsModel;

/// The middle of the Search dock: the best network in one line, the top list, and the chosen ones
/// beside the present design. Where there is room, list and comparison stand side by side; else
/// behind tabs.
class ResultView : public QWidget
{
    Q_OBJECT
public:
    explicit ResultView(QWidget *parent = nullptr);

    void setResult(const SearchResult &result, const SearchLimits &limits, const SpaceCount &space,
                   const Target &target);
    void setEvolved(const EvolutionResult &result, const SearchLimits &limits,
                    const Target &target);
    /// A point of the front joins the list, chosen; none takes it away.
    void setPicked(const std::optional<Candidate> &picked);
    void setPresent(const std::shared_ptr<const Report> &report, const Network &design);
    /// What is shown is of an earlier question.
    void setOutdated(bool outdated);

    /// Chosen in the list: the optimum unless someone chose another. Null when there is none.
    [[nodiscard]] const Candidate *current() const;
    [[nodiscard]] const std::vector<Candidate> &listed() const { return m_listed; }
    [[nodiscard]] QString headline() const;
    [[nodiscard]] QString proof() const;

Q_SIGNALS:
    void currentChanged();
    void openRequested(const atomnet::Network &network);
    void measureRequested(const atomnet::Network &network);
    void limitRequested(atomnet::Figure figure, qint64 limit);
    void estimatesRequested(); ///< unmeasured operators are to count, too

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QTableView *makeTable(CellsModel *model, const QString &name);
    void showListed(const SearchLimits &limits, const QString &proof);
    void showList();
    void showComparison();
    void showFixes(const SearchResult &result);
    void arrange();
    void open();
    void retheme();
    [[nodiscard]] std::vector<int> chosenRows() const;
    [[nodiscard]] QString headlineFor(const Candidate &best, const SearchLimits &limits) const;

    std::vector<Candidate> m_listed;
    bool m_evolved = false, m_hasPicked = false, m_outdated = false, m_infeasible = false;
    TimeUnit m_unit = TimeUnit::Nanoseconds;
    std::shared_ptr<const Report> m_report;
    Network m_design;
    QLabel *m_headline, *m_proof;
    QWidget *m_fixes;
    QHBoxLayout *m_fixRow;
    QTabBar *m_tabs;
    QTableView *m_list, *m_comparison;
    CellsModel *m_listCells, *m_comparisonCells;
    QPushButton *m_open, *m_measure;
};

} // namespace atomnet
