#include "widgets/inspectors/block_inspector.h"

#include "widgets/document/document.h"
#include "widgets/inspectors/blocks_page.h"
#include "widgets/inspectors/design_page.h"
#include "widgets/inspectors/parts_pages.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

namespace
{

/// Puts a page into the stack, scrollable when the dock is low.
void addPage(QStackedWidget *pages, QWidget *page)
{
    auto *scroll = new QScrollArea(pages);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(page);
    pages->addWidget(scroll);
}

} // namespace

BlockInspector::BlockInspector(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_pages(new QStackedWidget(this))
    , m_blocks(new BlocksPage(document))
    , m_head(new HeadPage(document))
    , m_input(new InputPage(document))
    , m_stage(new StagePage(document))
    , m_design(new DesignPage(document))
{
    setAccessibleName(QStringLiteral("Inspector"));
    for (QWidget *page : {static_cast<QWidget *>(m_design), static_cast<QWidget *>(m_blocks),
                          static_cast<QWidget *>(m_head), static_cast<QWidget *>(m_input),
                          static_cast<QWidget *>(m_stage)})
        addPage(m_pages, page);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    // Pages scroll up and down only: never narrower than the widest, scroll bar included.
    int widest = 0;
    for (const QWidget *page : {static_cast<QWidget *>(m_design), static_cast<QWidget *>(m_blocks),
                                static_cast<QWidget *>(m_head), static_cast<QWidget *>(m_input),
                                static_cast<QWidget *>(m_stage)})
        widest = std::max(widest, page->minimumSizeHint().width());
    setMinimumWidth(widest + style()->pixelMetric(QStyle::PM_ScrollBarExtent) + 4);
    connect(&document, &Document::networkChanged, this, &BlockInspector::showSelection);
    connect(&document.selection(), &Selection::changed, this, &BlockInspector::showSelection);
    showSelection();
}

void BlockInspector::setReport(const ReportPtr &report)
{
    m_blocks->setReport(report);
    m_head->setReport(report);
    m_stage->setReport(report);
    m_design->setReport(report);
}

void BlockInspector::showSelection()
{
    const Selection &selection = m_document.selection();
    const Network &network = m_document.shown();
    bool anyBlock = false;
    for (BlockId id : selection.blocks())
        anyBlock = anyBlock || blockById(network, id);
    int page = 0;
    if (anyBlock) {
        page = 1;
        m_blocks->refresh();
    } else if (selection.headSelected()) {
        page = 2;
        m_head->refresh();
    } else if (selection.inputSelected()) {
        page = 3;
        m_input->refresh();
    } else if (findStage(network, selection.stage()) >= 0) {
        page = 4;
        m_stage->refresh();
    } else {
        m_design->refresh();
    }
    m_pages->setCurrentIndex(page);
}

} // namespace atomnet
