#include "widgets/dashboards/guidelines/guidelines_view.h"

#include "widgets/common/icons.h"
#include "widgets/dashboards/guidelines/evidence_view.h"

#include <QLabel>
#include <QListWidget>
#include <QSplitter>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

QString iconOf(Holds holds)
{
    switch (holds) {
    case Holds::Yes:
        return QStringLiteral("check");
    case Holds::No:
        return QStringLiteral("close");
    case Holds::Unknown:
        break;
    }
    return QStringLiteral("help");
}

QLabel *textLabel(QWidget *parent, const QString &name)
{
    auto *label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

QString holdsWords(Holds holds)
{
    switch (holds) {
    case Holds::Yes:
        return QObject::tr("Holds");
    case Holds::No:
        return QObject::tr("Does not hold here");
    case Holds::Unknown:
        break;
    }
    return QObject::tr("Cannot be told");
}

GuidelinesView::GuidelinesView(QWidget *parent) : QWidget(parent), m_list(new QListWidget)
{
    setAccessibleName(tr("Guidelines"));
    m_list->setObjectName(QStringLiteral("guidelines"));
    m_list->setAccessibleName(tr("Guidelines"));
    m_list->setWordWrap(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMinimumWidth(180);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setSpacing(2);

    auto *page = new QWidget;
    m_title = textLabel(page, QStringLiteral("title"));
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_paper = textLabel(page, QStringLiteral("paper"));
    m_finding = textLabel(page, QStringLiteral("finding"));
    m_evidence = new EvidenceView;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(8, 4, 4, 4);
    column->addWidget(m_title);
    column->addWidget(m_paper);
    column->addWidget(m_finding);
    column->addStretch(1);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_list);
    splitter->addWidget(page);
    splitter->addWidget(m_evidence);
    // Side by side: a dock at the bottom of the window is wide and low.
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 2);
    splitter->setStretchFactor(2, 4);
    splitter->setSizes({300, 320, 640});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);

    connect(m_list, &QListWidget::currentRowChanged, this, &GuidelinesView::present);
    present(-1);
}

void GuidelinesView::setGuidelines(std::vector<Guideline> guidelines)
{
    const QString before = chosen();
    m_guidelines = std::move(guidelines);
    {
        const QSignalBlocker blocked(m_list);
        m_list->clear();
        for (const Guideline &each : m_guidelines) {
            const QString words = holdsWords(each.holds);
            auto *item = new QListWidgetItem(icon(iconOf(each.holds)),
                                             tr("%1  %2\n%3").arg(each.id, each.title, words));
            item->setData(Qt::AccessibleTextRole, tr("%1, %2: %3").arg(each.id, each.title, words));
            item->setToolTip(each.paper);
            m_list->addItem(item);
        }
    }
    if (!choose(before) && !m_guidelines.empty()) m_list->setCurrentRow(0);
    present(m_list->currentRow());
}

bool GuidelinesView::choose(const QString &id)
{
    for (std::size_t i = 0; i < m_guidelines.size(); ++i) {
        if (m_guidelines[i].id != id) continue;
        m_list->setCurrentRow(int(i));
        return true;
    }
    return false;
}

QString GuidelinesView::chosen() const
{
    const int row = m_list->currentRow();
    if (row < 0 || std::size_t(row) >= m_guidelines.size()) return {};
    return m_guidelines[std::size_t(row)].id;
}

void GuidelinesView::present(int index)
{
    if (index < 0 || std::size_t(index) >= m_guidelines.size()) {
        m_title->setText(tr("No guidelines yet"));
        m_paper->clear();
        m_finding->clear();
        m_evidence->setEvidence({}, tr("The paper's guidelines appear here, with what AtomDB says "
                                       "of each, as soon as they are computed"));
        return;
    }
    const Guideline &guideline = m_guidelines[std::size_t(index)];
    m_title->setText(tr("%1: %2").arg(guideline.id, guideline.title));
    m_paper->setText(tr("The paper: %1").arg(guideline.paper));
    m_finding->setText(tr("%1. %2").arg(holdsWords(guideline.holds), guideline.finding));
    m_evidence->setEvidence(guideline.chart,
                            tr("There is no evidence to draw: %1").arg(guideline.finding));
}

} // namespace atomnet
