#pragma once

#include "core/exporters/export_request.h"

#include <QDialog>

class QPushButton;

namespace atomnet
{

class PathField;
class QuantForm;

/// Asks for weights and calibration samples, and for evaluating also for labelled data.
class QuantDialog : public QDialog
{
    Q_OBJECT
public:
    enum class Purpose : quint8 { Quantise, Evaluate };
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
