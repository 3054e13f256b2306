#include "widgets/inspectors/layers_model.h"

#include "core/base/format.h"
#include "widgets/common/figure_font.h"
#include "widgets/common/theme.h"
#include "widgets/inspectors/figures_text.h"

#include <QFont>
#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace atomnet
{

namespace
{

using M = LayersModel;

bool isBytes(int column)
{
    return column >= M::Flash && column <= M::SramScratch;
}
bool isTime(int column)
{
    return column >= M::LatencyValue && column <= M::LatencyHigh;
}
bool isText(int column)
{
    return column == M::Stage || column == M::Name || column == M::Operator ||
           column == M::SourceName;
}

qint64 bytesOf(const Layer &layer, int column)
{
    switch (column) {
    case M::Flash:
        return layer.flashBytes;
    case M::Cumulative:
        return layer.flashCumulativeBytes;
    case M::Sram:
        return layer.sram.total();
    case M::SramInput:
        return layer.sram.input;
    case M::SramOutput:
        return layer.sram.output;
    case M::SramHeld:
        return layer.sram.held;
    case M::SramPad:
        return layer.sram.pad;
    default:
        return layer.sram.scratch;
    }
}

Qt::Alignment alignmentOf(int column)
{
    const bool middle = column == M::Block || column == M::Kernel;
    return (middle           ? Qt::AlignHCenter
            : isText(column) ? Qt::AlignLeft
                             : Qt::AlignRight) |
           Qt::AlignVCenter;
}

QString stageName(const Report &report, const Layer &layer)
{
    return report.stageNames.value(layer.atom.stage);
}

/// A small square of the source's pattern: solid, hatched or only an outline.
QPixmap sourceSwatch(Source source)
{
    const Theme &theme = ThemeManager::instance().theme();
    QPixmap swatch(12, 12);
    swatch.fill(Qt::transparent);
    QPainter painter(&swatch);
    painter.setPen(theme.accent);
    painter.setBrush(theme.fill(theme.accent, source));
    painter.drawRect(1, 1, 9, 9);
    return swatch;
}

} // namespace

LayersModel::LayersModel(QObject *parent) : QAbstractTableModel(parent) {}

void LayersModel::setReport(const ReportPtr &report)
{
    const int before = rowCount();
    const int after = report ? int(report->layers.size()) : 0;
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_report = report;
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_report = report;
        endRemoveRows();
    } else {
        m_report = report;
    }
    if (after > 0) Q_EMIT dataChanged(index(0, 0), index(after - 1, ColumnCount - 1));
}

int LayersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_report ? 0 : int(m_report->layers.size());
}

int LayersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    static const QStringList names{
        QStringLiteral("#"),       QStringLiteral("Stage"),    QStringLiteral("Block"),
        QStringLiteral("Layer"),   QStringLiteral("Operator"), QStringLiteral("In"),
        QStringLiteral("Out"),     QStringLiteral("k/s"),      QStringLiteral("MACs"),
        QStringLiteral("Params"),  QStringLiteral("Flash"),    QStringLiteral("Flash so far"),
        QStringLiteral("SRAM"),    QStringLiteral("input"),    QStringLiteral("output"),
        QStringLiteral("held"),    QStringLiteral("pad"),      QStringLiteral("scratch"),
        QStringLiteral("Latency"), QStringLiteral("at least"), QStringLiteral("at most"),
        QStringLiteral("Source"),  QStringLiteral("Samples")};
    static const QHash<int, QString> hints{
        {Kernel, QStringLiteral("Kernel and stride")},
        {Macs, QStringLiteral("Multiply-accumulates of convolutions and fully connected layers")},
        {Flash, QStringLiteral("Weights and biases of this layer")},
        {Cumulative, QStringLiteral("Weights up to this layer, runtime code included")},
        {Sram, QStringLiteral(
                   "What must be in SRAM while the layer runs; the next columns are its parts")},
        {SramInput, QStringLiteral("SRAM of its input")},
        {SramOutput, QStringLiteral("SRAM of its output beyond what overlaps the input")},
        {SramHeld, QStringLiteral("SRAM of shortcut tensors kept for later")},
        {SramPad, QStringLiteral("SRAM that padding adds to the input")},
        {SramScratch, QStringLiteral("SRAM the operator uses for itself")},
        {LatencyLow, QStringLiteral("Lower end of the latency's interval")},
        {LatencyHigh, QStringLiteral("Upper end of the latency's interval")},
        {SourceName,
         QStringLiteral("Measured on a board, estimated by a fitted model, or missing")}};
    if (role == Qt::DisplayRole) return names.at(section);
    if (role == Qt::ToolTipRole) return hints.value(section);
    if (role == Qt::TextAlignmentRole) return int(alignmentOf(section));
    return {};
}

QVariant LayersModel::data(const QModelIndex &index, int role) const
{
    if (!m_report || !index.isValid() || index.row() >= int(m_report->layers.size())) return {};
    const Layer &layer = m_report->layers[std::size_t(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(layer, index.row(), column);
    case sortRole:
        return value(layer, index.row(), column);
    case Qt::TextAlignmentRole:
        return int(alignmentOf(column));
    case Qt::ToolTipRole:
        return toolTip(layer, column);
    case Qt::FontRole:
        if (column == Sram && index.row() == m_report->peak.layer) {
            QFont bold;
            bold.setBold(true);
            return figureFont(bold);
        }
        return {};
    case Qt::ForegroundRole: {
        const Theme &theme = ThemeManager::instance().theme();
        if (column == SourceName && layer.latency.source == Source::Missing) return theme.fitOver;
        if (column >= SramInput && column <= SramScratch) return theme.mutedText;
        return {};
    }
    case Qt::DecorationRole:
        if (column == SourceName) return sourceSwatch(layer.latency.source);
        return {};
    default:
        return {};
    }
}

QString LayersModel::text(const Layer &layer, int row, int column) const
{
    const AtomKey &key = layer.atom.key;
    if (isBytes(column)) {
        const qint64 bytes = bytesOf(layer, column);
        return bytes == 0 && column != Cumulative ? QString() : formatKib(bytes);
    }
    switch (column) {
    case Index:
        return QString::number(row + 1);
    case Stage:
        return stageName(*m_report, layer);
    case Block:
        return layer.atom.block < 0 ? QString() : QString::number(layer.atom.block + 1);
    case Name:
        return layerName(*m_report, layer);
    case Operator:
        return toString(key.kind);
    case In:
        return shapeText(key.in());
    case Out:
        return shapeText(key.out());
    case Kernel:
        if (key.kernelH == 1 && key.strideH == 1) return {};
        return QStringLiteral("%1/%2").arg(key.kernelH).arg(key.strideH);
    case Macs:
        return layer.macs == 0 ? QString() : formatCount(layer.macs);
    case Params:
        return layer.params == 0 ? QString() : formatCount(layer.params);
    case LatencyValue:
        return layer.latency.source == Source::Missing
                   ? QStringLiteral("\u2013")
                   : timeText(layer.latency.value, m_report->unit);
    case LatencyLow:
        return timeText(layer.latency.low, m_report->unit);
    case LatencyHigh:
        return layer.latency.high ? timeText(*layer.latency.high, m_report->unit)
                                  : QStringLiteral("open");
    case SourceName:
        if (layer.latency.fromInstructions) return QStringLiteral("from instructions");
        return layer.latency.extrapolated ? QStringLiteral("extrapolated")
                                          : toString(layer.latency.source);
    case Samples:
        return layer.latency.samples == 0 ? QString() : QString::number(layer.latency.samples);
    default:
        return {};
    }
}

QString LayersModel::toolTip(const Layer &layer, int column) const
{
    if (isBytes(column)) return formatBytes(bytesOf(layer, column));
    if (isTime(column) || column == SourceName || column == Samples)
        return QStringLiteral("%1: %2, %3")
            .arg(timeText(layer.latency.value, m_report->unit), provenanceText(layer.latency),
                 intervalText(layer.latency, m_report->unit));
    if (column == Macs)
        return QStringLiteral("%1, %2 elementwise")
            .arg(counted(layer.macs, QStringLiteral("multiply-accumulate")),
                 formatCount(layer.macsElementwise));
    if (column == Params) return counted(layer.params, QStringLiteral("parameter"));
    return describe(layer.atom.key);
}

QVariant LayersModel::value(const Layer &layer, int row, int column) const
{
    if (isBytes(column)) return bytesOf(layer, column);
    const AtomKey &key = layer.atom.key;
    switch (column) {
    case Index:
    case Name: // "s2.10" comes after "s2.9": by execution order, not by letters
        return row;
    case Stage:
        return int(layer.atom.stage);
    case Block:
        return int(layer.atom.block);
    case In:
        return key.in().bytes();
    case Out:
        return key.out().bytes();
    case Kernel:
        return int(key.kernelH) * 100 + int(key.strideH);
    case Macs:
        return layer.macs;
    case Params:
        return layer.params;
    case LatencyValue:
        return layer.latency.value;
    case LatencyLow:
        return layer.latency.low;
    case LatencyHigh:
        return layer.latency.high.value_or(std::numeric_limits<qint64>::max());
    case SourceName:
        return int(layer.latency.source) * 2 + (layer.latency.extrapolated ? 1 : 0);
    case Samples:
        return layer.latency.samples;
    default:
        return text(layer, row, column);
    }
}

LayersFilter::LayersFilter(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(LayersModel::sortRole);
    setDynamicSortFilter(true);
}

void LayersFilter::setWords(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool LayersFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_words.isEmpty()) return true;
    QString haystack;
    for (int column : {M::Stage, M::Name, M::Operator, M::In, M::Out, M::SourceName})
        haystack += sourceModel()->index(row, column, parent).data().toString() + u' ';
    return std::all_of(m_words.begin(), m_words.end(), [&haystack](const QString &word) {
        return haystack.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace atomnet
