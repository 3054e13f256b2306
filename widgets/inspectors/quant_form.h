#pragma once

#include "core/exporters/export_request.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace atomnet
{

class NoteLabel;
class PathField;

/// Where weights and calibration samples come from, and how ranges are chosen.
class QuantForm : public QWidget
{
    Q_OBJECT
public:
    explicit QuantForm(QWidget *parent = nullptr);

    [[nodiscard]] QuantSource source() const;
    void setSource(const QuantSource &source);
    /// Float formats need weights alone.
    void setWeightsOnly(bool weightsOnly);
    /// Why source() cannot be used yet; empty when it can.
    [[nodiscard]] QString problem() const;

Q_SIGNALS:
    void changed();

private:
    void refresh();
    PathField *m_weights, *m_calibration;
    QWidget *m_calibrationLabel = nullptr, *m_rangesLabel = nullptr, *m_ranges = nullptr;
    QSpinBox *m_limit, *m_seed;
    QComboBox *m_method;
    QDoubleSpinBox *m_percentile;
    QCheckBox *m_biasCorrection;
    NoteLabel *m_note;
    QuantSource m_rest; ///< what the form does not show
    bool m_weightsOnly = false;
};

} // namespace atomnet
