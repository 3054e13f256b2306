#pragma once

#include "widgets/dashboards/search/popup_button.h"
#include "widgets/dashboards/search/search_setup.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace atomnet
{

/// What is made as large as possible: MACs, or a weighted sum of figures.
class GoalButton : public PopupButton
{
    Q_OBJECT
public:
    explicit GoalButton(QWidget *parent = nullptr);
    [[nodiscard]] QString objective() const;
    void setObjective(const QString &text); ///< that objectiveFrom() takes

Q_SIGNALS:
    void changed();

private:
    void refresh();
    QComboBox *m_kind;
    std::vector<QDoubleSpinBox *> m_weights;
};

/// Bounds on the shape.
class ShapeButton : public PopupButton
{
    Q_OBJECT
public:
    explicit ShapeButton(QWidget *parent = nullptr);
    [[nodiscard]] ShapeBounds shape() const;
    void setShape(const ShapeBounds &shape);

Q_SIGNALS:
    void changed();

private:
    void refresh();
    QSpinBox *m_depth;
    QDoubleSpinBox *m_growth;
    QCheckBox *m_neverNarrower;
};

/// Exact search, or evolution with the accuracies that it goes by.
class MethodButton : public PopupButton
{
    Q_OBJECT
public:
    explicit MethodButton(QWidget *parent = nullptr);
    [[nodiscard]] SearchMethod method() const;
    void setMethod(const SearchMethod &method);

Q_SIGNALS:
    void changed();

private:
    void refresh();
    void browse();
    QComboBox *m_kind;
    QLineEdit *m_table, *m_command;
    QToolButton *m_browse;
    QSpinBox *m_timeout, *m_evaluations, *m_population, *m_seed;
};

} // namespace atomnet
