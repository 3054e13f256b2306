#pragma once

#include "widgets/document/analysis_runner.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTreeWidget;

namespace atomnet
{

class Document;
class Field;
class FiguresPanel;
class NoteLabel;

/// The inspector with nothing selected: the design's name, its totals, and why its SRAM peaks where
/// it does.
class DesignPage : public QWidget
{
    Q_OBJECT
public:
    explicit DesignPage(Document &document, QWidget *parent = nullptr);
    void refresh();
    void setReport(const ReportPtr &report);

private:
    void showPeak();
    Document &m_document;
    ReportPtr m_report;
    QLineEdit *m_name;
    Field *m_nameField;
    FiguresPanel *m_figures;
    NoteLabel *m_fits, *m_peakText;
    QTreeWidget *m_peak;
};

} // namespace atomnet
