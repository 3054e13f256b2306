#pragma once

#include "widgets/document/analysis_runner.h"

#include <QWidget>

#include <vector>

class QScrollArea;

namespace atomnet
{

class AdvicePanel;
class BlocksPage;
class DesignPage;
class Document;
class HeadPage;
class InputPage;
class StagePage;

/// Edits what is selected: blocks, the head, the input or a stage; the design itself when nothing
/// is. Below it, the advice on that.
class BlockInspector : public QWidget
{
    Q_OBJECT
public:
    explicit BlockInspector(Document &document, QWidget *parent = nullptr);
    ~BlockInspector() override;
    void setReport(const ReportPtr &report);
    [[nodiscard]] AdvicePanel &advice() { return *m_advice; }

private:
    [[nodiscard]] int pageForSelection() const;
    void showSelection();
    void holdHeight(bool hold);
    Document &m_document;
    QScrollArea *m_scroll;
    std::vector<QWidget *> m_pages; ///< one is shown
    int m_page = 0;
    BlocksPage *m_blocks;
    HeadPage *m_head;
    InputPage *m_input;
    StagePage *m_stage;
    DesignPage *m_design;
    AdvicePanel *m_advice;
};

} // namespace atomnet
