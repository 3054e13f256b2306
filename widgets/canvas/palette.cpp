#include "widgets/canvas/palette.h"

#include "core/base/format.h"
#include "core/model/presets.h"
#include "widgets/canvas/palette_list.h"

#include <QVBoxLayout>

namespace atomnet
{
namespace
{
/// Short: it stands in a narrow column.
QString shortFigures(const ReportedFigures &figures)
{
    const auto kib = [](qint64 bytes) { return qRound64(double(bytes) / 1024); };
    return PaletteWidget::tr("SRAM %1 · Flash %2 KiB")
        .arg(kib(figures.sramBytes))
        .arg(kib(figures.flashBytes));
}

QString reportedText(const ReportedFigures &figures)
{
    QString text = PaletteWidget::tr("SRAM %1, Flash %2")
                       .arg(formatKib(figures.sramBytes), formatKib(figures.flashBytes));
    if (figures.latencyNs) text += QStringLiteral(", ") + formatMs(*figures.latencyNs);
    return text;
}
} // namespace

PaletteWidget::PaletteWidget(Document &document, QWidget *parent)
    : QWidget(parent), m_document(document), m_list(new PaletteList(this))
{
    m_list->setObjectName(QStringLiteral("palette"));
    m_list->setAccessibleName(tr("Palette"));
    m_list->setAccessibleDescription(
        tr("Blocks and networks. Enter puts the chosen one on the canvas."));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    setFocusProxy(m_list);
    fill();
    connect(m_list, &PaletteList::chosen, this, &PaletteWidget::choose);
}

void PaletteWidget::fill()
{
    m_list->add(PaletteHeading{}, tr("Blocks"), {});
    m_list->add(BlockType::Conv, displayName(BlockType::Conv), tr("full convolution"),
                tr("Conv: one k×k convolution over all channels. Dear; used once, as the stem."));
    m_list->add(BlockType::Sep, displayName(BlockType::Sep), tr("depthwise + pointwise"),
                tr("SEP: depthwise k×k, then pointwise. Little SRAM: for the early, large maps."));
    m_list->add(BlockType::ConvNext, displayName(BlockType::ConvNext), tr("dw, expand, project"),
                tr("ConvNeXt: depthwise on the narrow input, then expand and project, with a "
                   "shortcut where shapes agree. For the late, small maps."));
    m_list->add(BlockType::MbConv, displayName(BlockType::MbConv), tr("expand, dw, project"),
                tr("MBConv: expand, depthwise on the wide tensor, project, with a shortcut where "
                   "shapes agree."));
    m_list->add(PaletteHead{}, tr("Head"), tr("pooling and classes"),
                tr("Head: global average pooling and the classes. Enter or a double click shows "
                   "its properties."));
    m_list->add(PaletteHeading{}, tr("Networks"), {});
    for (const Preset &preset : presets()) {
        m_list->add(PalettePreset{preset.id}, preset.network.name, shortFigures(preset.reported),
                    tr("%1, as reported on the STM32H743 with X-CUBE-AI 7.2: %2. Replaces the "
                       "design; undo brings it back.")
                        .arg(preset.network.name, reportedText(preset.reported)));
    }
    m_list->setCurrentRow(1);
}

void PaletteWidget::choose(int row)
{
    const PaletteEntry &entry = m_list->entry(row);
    if (const auto *type = std::get_if<BlockType>(&entry)) {
        Q_EMIT blockRequested(*type);
    } else if (const auto *preset = std::get_if<PalettePreset>(&entry)) {
        Q_EMIT presetRequested(preset->id);
    } else if (std::holds_alternative<PaletteHead>(entry)) {
        m_document.selection().selectHead();
    }
}

} // namespace atomnet
