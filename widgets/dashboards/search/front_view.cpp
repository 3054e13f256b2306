#include "widgets/dashboards/search/front_view.h"

#include "widgets/common/figure_font.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace atomnet
{

FrontView::FrontView(QWidget *parent)
    : QWidget(parent)
    , m_x(new QComboBox(this))
    , m_y(new QComboBox(this))
    , m_colour(new QComboBox(this))
    , m_count(new QLabel(this))
    , m_plot(new FrontPlot(this))
{
    auto *bar = new QHBoxLayout;
    bar->setSpacing(4);
    const auto add = [&](QComboBox *box, const char *name, const QString &between,
                         const QString &what, Figure first) {
        box->setObjectName(QString::fromLatin1(name));
        box->setAccessibleName(what);
        box->setToolTip(what);
        for (const Figure figure : allFigures)
            box->addItem(figureName(figure), int(figure));
        box->setCurrentIndex(int(first));
        if (!between.isEmpty()) bar->addWidget(new QLabel(between, this));
        bar->addWidget(box);
        connect(box, &QComboBox::activated, this, &FrontView::apply);
    };
    add(m_y, "frontY", {}, QStringLiteral("Figure from bottom to top"), Figure::Macs);
    add(m_x, "frontX", QStringLiteral("by"), QStringLiteral("Figure from left to right"),
        Figure::Latency);
    add(m_colour, "frontColour", QStringLiteral("colour"), QStringLiteral("Figure as colour"),
        Figure::Sram);
    m_count->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_count->setFont(figureFont(m_count->font()));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setToolTip(QStringLiteral("Networks that no other beats in all of MACs, latency, SRAM "
                                       "and Flash, within the limits"));
    bar->addWidget(m_count, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    column->addLayout(bar);
    column->addWidget(m_plot, 1);
    m_plot->setHint(QStringLiteral("The Pareto front of MACs, latency, SRAM and Flash comes with "
                                   "the first search."));
    apply();
}

void FrontView::setCount(const QString &text)
{
    m_count->setText(text);
}

void FrontView::apply()
{
    m_plot->setFigures(Figure(m_x->currentData().toInt()), Figure(m_y->currentData().toInt()),
                       Figure(m_colour->currentData().toInt()));
}

QString FrontView::figures() const
{
    return QStringLiteral("%1,%2,%3")
        .arg(m_x->currentIndex())
        .arg(m_y->currentIndex())
        .arg(m_colour->currentIndex());
}

void FrontView::setFigures(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char(','));
    QComboBox *const boxes[] = {m_x, m_y, m_colour};
    if (parts.size() != 3) return;
    for (int i = 0; i < 3; ++i) {
        bool good = false;
        const int index = parts[i].toInt(&good);
        if (good && index >= 0 && index < int(allFigures.size())) boxes[i]->setCurrentIndex(index);
    }
    apply();
}

} // namespace atomnet
