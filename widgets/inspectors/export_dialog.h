#pragma once

#include "core/exporters/export_request.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;

namespace atomnet
{

class NoteLabel;
class PathField;
class QuantForm;

/// Asks what to export, where to, and from which weights; says what it will cost before it is done.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    /// `last`: what was asked the time before.
    ExportDialog(const Network &network, const ExportRequest &last, QWidget *parent = nullptr);

    [[nodiscard]] ExportRequest request() const;
    /// What the export will need, in words: "Arena 151.6 KiB of 512 KiB, Flash ...".
    [[nodiscard]] QString costText() const;
    /// Why it cannot be exported yet; empty when it can.
    [[nodiscard]] QString problem() const;

private:
    void makeForm();
    void formatChanged();
    void refresh();
    [[nodiscard]] ExportFormat format() const;
    [[nodiscard]] QString suggestedPath(ExportFormat format) const;

    Network m_network;
    ExportRequest m_last;
    QComboBox *m_format, *m_board;
    PathField *m_path;
    QuantForm *m_quant;
    QLineEdit *m_prefix;
    QCheckBox *m_softmax, *m_weightsFile;
    QWidget *m_cOptions = nullptr;
    NoteLabel *m_cost, *m_note;
    QPushButton *m_export = nullptr;
    QString m_suggested; ///< the path that the dialog put there itself
};

} // namespace atomnet
