#include "widgets/dashboards/explorer/filter_panel.h"

#include "widgets/common/kind_colours.h"
#include "widgets/dashboards/explorer/explorer_text.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <QVBoxLayout>

namespace atomnet
{

namespace
{

constexpr KeyAct acts[] = {KeyAct::None,   KeyAct::Relu,     KeyAct::Relu6,
                           KeyAct::HSwish, KeyAct::HSigmoid, KeyAct::Unknown};
constexpr int mostChannels = 4096, mostSide = 1024, mostKernel = 15, mostStride = 8,
              mostSamples = 9999;

QIcon swatch(const QColor &colour)
{
    QPixmap pixmap(12, 12);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(1, 1, 10, 10);
    return QIcon(pixmap);
}

QSpinBox *makeSpin(int most, const QString &name, QWidget *parent)
{
    auto *spin = new QSpinBox(parent);
    spin->setRange(0, most);
    spin->setSpecialValueText(FilterPanel::tr("any"));
    spin->setButtonSymbols(QAbstractSpinBox::NoButtons);
    spin->setAccessibleName(name);
    spin->setKeyboardTracking(false);
    spin->setMinimumWidth(44);
    return spin;
}

} // namespace

FilterPanel::FilterPanel(QWidget *parent) : QScrollArea(parent)
{
    setAccessibleName(tr("Filter"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *inner = new QWidget(this);
    auto *column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 0, 6, 0);
    column->setSpacing(1);
    for (int i = 1; i < atomKindCount; ++i) {
        const auto kind = AtomKind(i);
        auto *box = new QCheckBox(kindTitle(kind), inner);
        box->setToolTip(tr("Show operators of this kind"));
        box->hide();
        connect(box, &QCheckBox::toggled, this, &FilterPanel::read);
        column->addWidget(box);
        m_kinds.emplace_back(kind, box);
    }
    auto *form = new QFormLayout;
    form->setContentsMargins(0, 6, 0, 0);
    form->setVerticalSpacing(2);
    addRange(tr("Kernel"), &ExplorerFilter::kernel, mostKernel, form);
    addRange(tr("Stride"), &ExplorerFilter::stride, mostStride, form);
    addRange(tr("Input channels"), &ExplorerFilter::inChannels, mostChannels, form);
    addRange(tr("Output channels"), &ExplorerFilter::outChannels, mostChannels, form);
    addRange(tr("Output map height"), &ExplorerFilter::mapSize, mostSide, form);
    addRange(tr("Samples"), &ExplorerFilter::samples, mostSamples, form);
    column->addLayout(form);
    m_actBox = new QWidget(inner);
    auto *actColumn = new QVBoxLayout(m_actBox);
    actColumn->setContentsMargins(0, 6, 0, 0);
    actColumn->setSpacing(1);
    actColumn->addWidget(new QLabel(tr("Activation"), m_actBox));
    for (const KeyAct act : acts) {
        auto *box =
            new QCheckBox(act == KeyAct::Unknown ? tr("not recorded") : toString(act), m_actBox);
        connect(box, &QCheckBox::toggled, this, &FilterPanel::read);
        actColumn->addWidget(box);
        m_acts.emplace_back(act, box);
    }
    column->addWidget(m_actBox);
    auto *all = new QPushButton(tr("Show all"), inner);
    all->setToolTip(tr("Take every filter away"));
    connect(all, &QPushButton::clicked, this, [this] {
        setFilter({});
        Q_EMIT filterChanged(m_filter);
    });
    column->addSpacing(4);
    column->addWidget(all);
    column->addStretch(1);
    setWidget(inner);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &FilterPanel::retheme);
    retheme();
    show(m_filter);
}

void FilterPanel::addRange(const QString &name, FieldRange ExplorerFilter::*range, int most,
                           QFormLayout *form)
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    RangeEditor editor{range, makeSpin(most, tr("%1 from").arg(name), row),
                       makeSpin(most, tr("%1 to").arg(name), row)};
    // 0 stands for no bound at both ends.
    editor.low->setToolTip(tr("%1 at least; 0: any").arg(name));
    editor.high->setToolTip(tr("%1 at most; 0: any").arg(name));
    layout->addWidget(editor.low);
    layout->addWidget(new QLabel(QStringLiteral("\u2013"), row));
    layout->addWidget(editor.high);
    form->addRow(name, row);
    for (QSpinBox *spin : {editor.low, editor.high})
        connect(spin, &QSpinBox::valueChanged, this, &FilterPanel::read);
    m_ranges.push_back(editor);
}

void FilterPanel::setFilter(const ExplorerFilter &filter)
{
    m_filter = filter;
    show(filter);
}

void FilterPanel::setCounts(const std::array<quint32, atomKindCount> &counts, quint32 present)
{
    for (const auto &[kind, box] : m_kinds) {
        const quint32 count = counts[std::size_t(kind)];
        box->setText(QStringLiteral("%1  %2").arg(kindTitle(kind), thousands(count)));
        box->setVisible(count > 0);
    }
    int several = 0;
    ExplorerFilter there;
    there.acts = present;
    for (const auto &[act, box] : m_acts) {
        box->setVisible(there.hasAct(act));
        several += there.hasAct(act);
    }
    m_actBox->setVisible(several > 1); // nothing to choose
}

void FilterPanel::show(const ExplorerFilter &filter)
{
    const QScopedValueRollback showing(m_showing, true);
    for (const auto &[kind, box] : m_kinds)
        box->setChecked(filter.hasKind(kind));
    for (const auto &[act, box] : m_acts)
        box->setChecked(filter.hasAct(act));
    for (const RangeEditor &editor : m_ranges) {
        const FieldRange &range = filter.*editor.range;
        editor.low->setValue(range.low);
        editor.high->setValue(range.high == FieldRange{}.high ? 0 : range.high);
    }
}

void FilterPanel::read()
{
    if (m_showing) return;
    ExplorerFilter filter = m_filter;
    for (const auto &[kind, box] : m_kinds)
        filter.setKind(kind, box->isChecked());
    for (const auto &[act, box] : m_acts)
        filter.setAct(act, box->isChecked());
    for (const RangeEditor &editor : m_ranges) {
        FieldRange &range = filter.*editor.range;
        range.low = editor.low->value();
        range.high = editor.high->value() == 0 ? FieldRange{}.high : editor.high->value();
    }
    if (filter == m_filter) return;
    m_filter = filter;
    Q_EMIT filterChanged(m_filter);
}

void FilterPanel::retheme()
{
    for (const auto &[kind, box] : m_kinds)
        box->setIcon(swatch(kindColour(ThemeManager::instance().theme(), kind)));
}

} // namespace atomnet
