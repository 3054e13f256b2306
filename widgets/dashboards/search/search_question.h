#pragma once

#include "widgets/dashboards/search/limit_row.h"
#include "widgets/dashboards/search/search_setup.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QSlider;
class QToolButton;

namespace atomnet
{

class GoalButton;
class MethodButton;
class ShapeButton;

/// The left side of the Search dock: what is searched, by what, within which limits.
class SearchQuestion : public QWidget
{
    Q_OBJECT
public:
    explicit SearchQuestion(QWidget *parent = nullptr);

    [[nodiscard]] SearchSetup setup() const;
    /// Emits nothing.
    void setSetup(const SearchSetup &setup);

    /// The resolutions that the space offers; `locked` when the design's locked input decides.
    void setResolutions(const std::vector<int> &resolutions, bool locked);
    /// Limits that were the old board's follow to the new one.
    void setTarget(const Target &target);
    /// The present design, for marks, "Now" and the locks.
    void setPresent(const std::shared_ptr<const Report> &report, const Network &design);
    void setRanges(const Searcher::Ranges &ranges);
    /// A sentence under the limits: what is wrong with the question, or what runs.
    void setNote(const QString &sentence, bool warning);
    [[nodiscard]] QString note() const;
    /// While something runs that Cancel stops.
    void setRunning(bool running);
    void setLimit(Figure figure, std::optional<qint64> limit);

Q_SIGNALS:
    void problemChanged();  ///< space, locks, estimates, resolution
    void queryChanged();    ///< limits, goal, shape; again and again while a slider moves
    void settled();         ///< the slider was let go
    void searchRequested(); ///< also by Enter in a field
    void cancelRequested();
    void stemRequested(bool locked);
    void fileRequested(); ///< another space, from a file

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void makeChoices(QWidget *content);
    void makeLimits(QWidget *content, QGridLayout *grid);
    void chooseSpace(const QString &name);
    void showResolution();
    [[nodiscard]] LimitRow *row(Figure figure) const;
    void retheme();

    QComboBox *m_space = nullptr, *m_estimates = nullptr, *m_resolutions = nullptr;
    QSlider *m_resolution = nullptr;
    GoalButton *m_goal = nullptr;
    MethodButton *m_method = nullptr;
    ShapeButton *m_shape = nullptr;
    QCheckBox *m_locks = nullptr;
    QToolButton *m_stem = nullptr;
    QToolButton *m_resolutionNow = nullptr;
    LimitRow *m_sram = nullptr, *m_flash = nullptr, *m_latency = nullptr;
    QPushButton *m_search = nullptr;
    QLabel *m_note = nullptr;
    std::vector<int> m_known; ///< resolutions of the space
    int m_wanted = 0;         ///< resolution; 0: any
    int m_present = 0;        ///< of the design; 0: not square
    bool m_stemLocked = false, m_running = false, m_warning = false;
    QString m_chosenSpace;
};

} // namespace atomnet
