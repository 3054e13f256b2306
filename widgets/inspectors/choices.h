#pragma once

#include <QComboBox>
#include <QString>
#include <QWidget>

#include <optional>
#include <utility>
#include <vector>

class QButtonGroup;

namespace atomnet
{

/// A few numbers as buttons side by side; none is pressed while values are mixed.
class Segmented : public QWidget
{
    Q_OBJECT
public:
    explicit Segmented(const std::vector<std::pair<int, QString>> &choices,
                       QWidget *parent = nullptr);
    void show(std::optional<int> value);
    [[nodiscard]] std::optional<int> value() const;

Q_SIGNALS:
    void chosen(int value);

private:
    QButtonGroup *m_group;
};

/// A combo box of numbered choices; reads "mixed" when there is no common value.
class ChoiceBox : public QComboBox
{
    Q_OBJECT
public:
    explicit ChoiceBox(const std::vector<std::pair<int, QString>> &choices,
                       QWidget *parent = nullptr);
    void show(std::optional<int> value);

Q_SIGNALS:
    void chosen(int value);

protected:
    void wheelEvent(QWheelEvent *event) override;
};

/// All activations for a ChoiceBox.
[[nodiscard]] std::vector<std::pair<int, QString>> activationChoices();

} // namespace atomnet
