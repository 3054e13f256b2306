#pragma once

#include "widgets/document/analysis_runner.h"

#include <QWidget>

class QStackedWidget;

namespace atomnet
{

class BlocksPage;
class DesignPage;
class Document;
class HeadPage;
class InputPage;
class StagePage;

/// Edits what is selected: blocks, the head, the input or a stage; the design itself when nothing
/// is.
class BlockInspector : public QWidget
{
    Q_OBJECT
public:
    explicit BlockInspector(Document &document, QWidget *parent = nullptr);
    void setReport(const ReportPtr &report);

private:
    void showSelection();
    Document &m_document;
    QStackedWidget *m_pages;
    BlocksPage *m_blocks;
    HeadPage *m_head;
    InputPage *m_input;
    StagePage *m_stage;
    DesignPage *m_design;
};

} // namespace atomnet
