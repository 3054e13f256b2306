#pragma once

#include "core/analysis/explorer/explorer_query.h"
#include "widgets/document/explorer_service.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace atomnet
{

/// What a person chose: the query, and where its figures come from.
struct ExplorerChoice {
    ExplorerQuery query;
    RunCondition first, second; ///< empty: none chosen yet
    QString space = QStringLiteral("paper");
    bool operator==(const ExplorerChoice &) const = default;
};
[[nodiscard]] QJsonObject toJson(const ExplorerChoice &choice);
[[nodiscard]] ExplorerChoice explorerChoiceFrom(const QJsonObject &json);
/// The condition that is this one; else of its board and runtime, else any: that with most samples.
/// Null without any.
[[nodiscard]] const ConditionInfo *bestCondition(const std::vector<ConditionInfo> &conditions,
                                                 const RunCondition &wanted);

/// The row above the plot: what to see, of which condition, over which figures. Only what the view
/// uses is there.
class ExplorerControls : public QWidget
{
    Q_OBJECT
public:
    explicit ExplorerControls(QWidget *parent = nullptr);
    void setConditions(const std::vector<ConditionInfo> &conditions);
    /// Of the condition shown: it decides what figures are called.
    void setUnit(SampleUnit unit);
    void setChoice(const ExplorerChoice &choice);
    [[nodiscard]] const ExplorerChoice &choice() const { return m_choice; }
    [[nodiscard]] ExplorerRequest request() const;
    /// Room at the right end.
    [[nodiscard]] QHBoxLayout *row() const { return m_row; }

Q_SIGNALS:
    void choiceChanged();

private:
    struct AxisEditor {
        QLabel *label;
        QComboBox *field;
        QToolButton *log;
    };
    [[nodiscard]] AxisEditor makeAxis(const QString &name);
    [[nodiscard]] QComboBox *makeCombo(const QString &name, int characters);
    void fillFields(const AxisEditor &editor, const ExplorerAxis &axis, bool shapesAlone);
    void fillConditions();
    void show();
    void changed();
    void chooseSpace(int index);

    ExplorerChoice m_choice;
    std::vector<ConditionInfo> m_conditions;
    SampleUnit m_unit = SampleUnit::Nanoseconds;
    QHBoxLayout *m_row = nullptr;
    QComboBox *m_view, *m_first, *m_second, *m_space;
    QLabel *m_secondLabel, *m_spaceLabel;
    AxisEditor m_x, m_y, m_heat;
    bool m_showing = false;
};

} // namespace atomnet
