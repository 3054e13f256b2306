#pragma once

#include "core/exporters/export_request.h"

#include <QDialog>

class QPushButton;

namespace atomnet
{

class PathField;
class QuantForm;

/// Asks for weights and calibration samples; for evaluating also for labelled data, and for
/// validating on a board for data that may have labels or be left out.
class QuantDialog : public QDialog
{
    Q_OBJECT
public:
    enum class Purpose : quint8 { Quantise, Evaluate, Validate };
    QuantDialog(Purpose purpose, const QuantSource &source, const QString &data,
                QWidget *parent = nullptr);

    [[nodiscard]] QuantSource source() const;
    [[nodiscard]] QString data() const;

private:
    void refresh();
    Purpose m_purpose;
    QuantForm *m_form;
    PathField *m_data;
    QPushButton *m_run = nullptr;
};

} // namespace atomnet
