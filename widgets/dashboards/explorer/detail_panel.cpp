#include "widgets/dashboards/explorer/detail_panel.h"

#include "widgets/common/figure_font.h"
#include "widgets/dashboards/explorer/samples_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace atomnet
{

DetailPanel::DetailPanel(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_summary(new QLabel(this))
    , m_samples(new SamplesView(this))
    , m_select(new QPushButton(tr("Select in design"), this))
{
    setAccessibleName(tr("Selected operator"));
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    for (QLabel *label : {m_title, m_text, m_summary}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_text->setFont(figureFont(font()));
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_select->setToolTip(tr("Select the blocks of the open design that have this operator"));
    connect(m_select, &QPushButton::clicked, this, &DetailPanel::selectInDesignWanted);
    auto *close = new QToolButton(this);
    close->setText(QStringLiteral("\u00d7"));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close (Esc in the plot)"));
    connect(close, &QToolButton::clicked, this, &DetailPanel::closeWanted);

    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(close, 0, Qt::AlignTop);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_text);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(head);
    column->addWidget(m_samples, 2);
    column->addWidget(m_summary);
    column->addWidget(scroll, 3);
    column->addWidget(m_select);
}

QSize DetailPanel::sizeHint() const
{
    return {290, 240};
}

void DetailPanel::setText(const QStringList &lines)
{
    m_title->setText(lines.isEmpty() ? QString() : lines.front());
    m_text->setText(lines.mid(1).join(u'\n'));
}

void DetailPanel::setSamples(const std::optional<KeySamples> &samples, SampleUnit unit)
{
    m_samples->setSamples(samples, unit);
    m_samples->setVisible(samples && !samples->values.empty());
    m_summary->setText(m_samples->summary());
    m_summary->setVisible(!m_summary->text().isEmpty());
}

void DetailPanel::setInDesign(bool possible)
{
    m_select->setEnabled(possible);
}

} // namespace atomnet
