#include "widgets/inspectors/block_inspector.h"

#include "widgets/document/document.h"
#include "widgets/inspectors/advice_panel.h"
#include "widgets/inspectors/blocks_page.h"
#include "widgets/inspectors/design_page.h"
#include "widgets/inspectors/parts_pages.h"

#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace atomnet
{

BlockInspector::BlockInspector(Document &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_scroll(new QScrollArea(this))
    , m_blocks(new BlocksPage(document))
    , m_head(new HeadPage(document))
    , m_input(new InputPage(document))
    , m_stage(new StagePage(document))
    , m_design(new DesignPage(document))
    , m_advice(new AdvicePanel(document))
{
    setAccessibleName(QStringLiteral("Inspector"));
    m_pages = {m_design, m_blocks, m_head, m_input, m_stage};
    auto *content = new QWidget;
    auto *pages = new QVBoxLayout(content);
    pages->setContentsMargins(0, 0, 0, 0);
    pages->setSpacing(0);
    // Pages scroll up and down only: never narrower than the widest, scroll bar included.
    int widest = m_advice->minimumSizeHint().width();
    for (QWidget *page : m_pages) {
        pages->addWidget(page);
        page->hide();
        widest = std::max(widest, page->minimumSizeHint().width());
    }
    pages->addWidget(m_advice);
    pages->addStretch(1);
    setMinimumWidth(widest + style()->pixelMetric(QStyle::PM_ScrollBarExtent) + 4);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(content);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_scroll);
    connect(&document, &Document::networkChanged, this, &BlockInspector::showSelection);
    connect(&document.selection(), &Selection::changed, this, &BlockInspector::showSelection);
    connect(m_advice, &AdvicePanel::revealWanted, this, [this](QWidget *part) {
        // Its place is known once the layout has seen it.
        QMetaObject::invokeMethod(
            part,
            [this, part] {
                // At the top: what belongs to it stands below.
                const int y = part->mapTo(m_scroll->widget(), QPoint()).y();
                m_scroll->verticalScrollBar()->setValue(y - 8);
            },
            Qt::QueuedConnection);
    });
    m_design->show();
    showSelection();
}

BlockInspector::~BlockInspector()
{
    delete m_advice; // it may end a preview, which is shown here
}

void BlockInspector::setReport(const ReportPtr &report)
{
    m_blocks->setReport(report);
    m_head->setReport(report);
    m_stage->setReport(report);
    m_design->setReport(report);
}

int BlockInspector::pageForSelection() const
{
    const Selection &selection = m_document.selection();
    const Network &network = m_document.shown();
    const auto &blocks = selection.blocks();
    if (std::any_of(blocks.begin(), blocks.end(),
                    [&](BlockId id) { return blockById(network, id) != nullptr; }))
        return 1;
    if (selection.headSelected()) return 2;
    if (selection.inputSelected()) return 3;
    if (findStage(network, selection.stage()) >= 0) return 4;
    return 0;
}

void BlockInspector::showSelection()
{
    // What shows a preview stays where it is, under the pointer that asked for it.
    holdHeight(m_document.previewing());
    const int page = m_document.previewing() ? m_page : pageForSelection();
    if (page == 0) m_design->refresh();
    if (page == 1) m_blocks->refresh();
    if (page == 2) m_head->refresh();
    if (page == 3) m_input->refresh();
    if (page == 4) m_stage->refresh();
    if (page == m_page) return;
    m_pages[std::size_t(m_page)]->hide();
    m_pages[std::size_t(page)]->show();
    m_page = page;
    m_scroll->verticalScrollBar()->setValue(0);
}

void BlockInspector::holdHeight(bool hold)
{
    QWidget *page = m_pages[std::size_t(m_page)];
    if (hold && page->maximumHeight() == QWIDGETSIZE_MAX) {
        page->setFixedHeight(page->height());
    } else if (!hold && page->maximumHeight() != QWIDGETSIZE_MAX) {
        page->setMinimumHeight(0);
        page->setMaximumHeight(QWIDGETSIZE_MAX);
    }
}

} // namespace atomnet
