#pragma once

#include <QDoubleSpinBox>
#include <QSpinBox>
#include <QWheelEvent>

#include <algorithm>

namespace atomnet
{

/// A spin box for one or many blocks: while their values differ it reads "mixed" and steps start
/// from the first block's value. The wheel only turns it while it has the focus, so that scrolling
/// the inspector changes nothing.
template <class Spin, class Number>
class MixedSpin : public Spin
{
public:
    MixedSpin(Number minimum, Number maximum, Number step, QWidget *parent = nullptr) : Spin(parent)
    {
        m_minimum = minimum;
        Spin::setRange(minimum, maximum);
        Spin::setSingleStep(step);
        Spin::setKeyboardTracking(false);
        Spin::setFocusPolicy(Qt::StrongFocus);
        Spin::setAlignment(Qt::AlignRight);
        Spin::setAccelerated(true);
    }

    /// Shows a value without telling anybody.
    void show(Number value)
    {
        const bool blocked = Spin::blockSignals(true);
        m_mixed = false;
        Spin::setSpecialValueText({});
        Spin::setMinimum(m_minimum);
        Spin::setValue(value);
        Spin::blockSignals(blocked);
    }
    /// Shows "mixed"; stepping starts from `first`.
    void showMixed(Number first)
    {
        const bool blocked = Spin::blockSignals(true);
        m_mixed = true;
        m_first = first;
        // The special text belongs to the minimum: a value below all legal ones stands for it.
        Spin::setMinimum(m_minimum - Number(1));
        Spin::setSpecialValueText(QStringLiteral("mixed"));
        Spin::setValue(m_minimum - Number(1));
        Spin::blockSignals(blocked);
    }
    [[nodiscard]] bool isMixed() const { return m_mixed && Spin::value() < m_minimum; }

    void stepBy(int steps) override
    {
        if (!isMixed()) return Spin::stepBy(steps);
        Spin::setValue(
            std::clamp(m_first + Number(steps) * Spin::singleStep(), m_minimum, Spin::maximum()));
    }

protected:
    void wheelEvent(QWheelEvent *event) override
    {
        if (Spin::hasFocus())
            Spin::wheelEvent(event);
        else
            event->ignore();
    }

private:
    Number m_minimum{};
    Number m_first{};
    bool m_mixed = false;
};

using MixedSpinBox = MixedSpin<QSpinBox, int>;
using MixedDoubleSpinBox = MixedSpin<QDoubleSpinBox, double>;

} // namespace atomnet
