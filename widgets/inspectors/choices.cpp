#include "widgets/inspectors/choices.h"

#include "widgets/inspectors/figures_text.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <QWheelEvent>

namespace atomnet
{

Segmented::Segmented(const std::vector<std::pair<int, QString>> &choices, QWidget *parent)
    : QWidget(parent), m_group(new QButtonGroup(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (const auto &[value, text] : choices) {
        auto *button = new QToolButton(this);
        button->setText(text);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setAccessibleName(text);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        m_group->addButton(button, value);
        row->addWidget(button);
    }
    connect(m_group, &QButtonGroup::idClicked, this, &Segmented::chosen);
    if (!m_group->buttons().isEmpty()) setFocusProxy(m_group->buttons().first());
}

void Segmented::show(std::optional<int> value)
{
    m_group->setExclusive(false); // an exclusive group cannot have nothing pressed
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (QAbstractButton *button : buttons)
        button->setChecked(value && m_group->id(button) == *value);
    m_group->setExclusive(true);
}

std::optional<int> Segmented::value() const
{
    const int id = m_group->checkedId();
    if (id < 0) return std::nullopt;
    return id;
}

ChoiceBox::ChoiceBox(const std::vector<std::pair<int, QString>> &choices, QWidget *parent)
    : QComboBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setPlaceholderText(QStringLiteral("mixed"));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(6);
    for (const auto &[value, text] : choices)
        addItem(text, value);
    connect(this, &QComboBox::activated, this, [this](int index) {
        if (index >= 0) Q_EMIT chosen(itemData(index).toInt());
    });
}

void ChoiceBox::show(std::optional<int> value)
{
    const QSignalBlocker quiet(this);
    setCurrentIndex(value ? findData(*value) : -1);
}

void ChoiceBox::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QComboBox::wheelEvent(event);
    else
        event->ignore();
}

std::vector<std::pair<int, QString>> activationChoices()
{
    std::vector<std::pair<int, QString>> choices;
    for (Activation act : {Activation::None, Activation::Relu, Activation::Relu6,
                           Activation::HSwish, Activation::HSigmoid})
        choices.emplace_back(int(act), displayName(act));
    return choices;
}

} // namespace atomnet
