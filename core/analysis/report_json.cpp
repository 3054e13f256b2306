#include "core/analysis/report_text.h"

#include <optional>

namespace atomnet
{

namespace
{

const QByteArray jsonNull = QByteArrayLiteral("null");

QByteArray quoted(const QString &text)
{
    QByteArray json = "\"";
    for (const char byte : text.toUtf8()) {
        if (byte == '"' || byte == '\\')
            json.append('\\').append(byte);
        else if (uchar(byte) < 0x20)
            json.append("\\u00").append(QByteArray(1, byte).toHex());
        else
            json.append(byte);
    }
    return json.append('"');
}

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

QByteArray boolean(bool value)
{
    return value ? QByteArrayLiteral("true") : QByteArrayLiteral("false");
}

QByteArray array(const QByteArrayList &items)
{
    return '[' + items.join(',') + ']';
}

QByteArray shape(const Shape &s)
{
    return array({number(s.h), number(s.w), number(s.c)});
}

/// An object whose keys keep their order.
class Object
{
public:
    explicit Object(QByteArray between = ",") : m_between(std::move(between)) {}
    Object &add(const char *key, const QByteArray &json)
    {
        if (!m_members.isEmpty()) m_members += m_between;
        m_members.append('"').append(key).append("\":").append(json);
        return *this;
    }
    [[nodiscard]] QByteArray json() const { return '{' + m_members + '}'; }

private:
    QByteArray m_between, m_members;
};

bool inMs(const Report &report)
{
    return report.unit == TimeUnit::Nanoseconds;
}

/// The latency as ms; null where there is none in ms.
void addLatency(Object &object, const Report &report, const Latency &latency, bool known)
{
    const bool ms = inMs(report);
    object.add("latency_ms", ms && known ? exactMs(latency.value) : jsonNull)
        .add("latency_low_ms", ms ? exactMs(latency.low) : jsonNull)
        .add("latency_high_ms", ms && latency.high ? exactMs(*latency.high) : jsonNull);
}

void addInstructions(Object &object, const Report &report, const Latency &latency, bool known)
{
    if (inMs(report)) return;
    object.add("instructions", known ? number(latency.value) : jsonNull)
        .add("instructions_low", number(latency.low))
        .add("instructions_high", latency.high ? number(*latency.high) : jsonNull);
}

QByteArray breakdownJson(const std::optional<SramBreakdown> &parts)
{
    if (!parts) return jsonNull;
    return Object()
        .add("arena", number(parts->arena))
        .add("arena_lower_bound", number(parts->arenaLowerBound))
        .add("arena_optimal", boolean(parts->optimal()))
        .add("data", number(parts->data))
        .add("stack", number(parts->stack))
        .add("stack_counted", boolean(parts->stackCounted))
        .json();
}

QByteArray totalsJson(const Report &report)
{
    const bool known = report.measuredLayers + report.estimatedLayers > 0;
    Object totals;
    totals.add("macs", number(report.macs))
        .add("macs_elementwise", number(report.macsElementwise))
        .add("params", number(report.params))
        .add("sram_bytes", number(report.sram.value))
        .add("flash_bytes", number(report.flash.value))
        .add("flash_weights_bytes", number(report.flashWeightsBytes));
    addLatency(totals, report, report.latency, known);
    totals.add("measured_share", QByteArray::number(report.measuredShare, 'g', 6));
    addInstructions(totals, report, report.latency, known);
    totals.add("source", quoted(toString(report.latency.source)))
        .add("extrapolated", boolean(report.latency.extrapolated))
        .add("from_instructions", boolean(report.latency.fromInstructions))
        .add("layers_measured", number(report.measuredLayers))
        .add("layers_estimated", number(report.estimatedLayers))
        .add("layers_missing", number(report.missingLayers))
        .add("layers_from_instructions", number(report.instructionLayers))
        .add("sram_low_bytes", number(report.sram.low))
        .add("sram_high_bytes", number(report.sram.high))
        .add("sram_estimated", boolean(report.sram.estimated))
        .add("flash_low_bytes", number(report.flash.low))
        .add("flash_high_bytes", number(report.flash.high))
        .add("flash_estimated", boolean(report.flash.estimated))
        .add("flash_code_bytes", number(report.flashCodeBytes))
        .add("sram_parts", breakdownJson(report.sramBreakdown));
    return totals.json();
}

QByteArray limitsJson(const Report &report)
{
    return Object()
        .add("sram_bytes", number(report.sram.limit))
        .add("flash_bytes", number(report.flash.limit))
        .add("sram_available_bytes", number(report.sram.available))
        .add("flash_available_bytes", number(report.flash.available))
        .add("sram_fit", quoted(toString(report.sram.fit)))
        .add("flash_fit", quoted(toString(report.flash.fit)))
        .json();
}

QByteArray peakJson(const Report &report)
{
    QByteArrayList tensors;
    for (const int tensor : report.peak.tensors)
        tensors << quoted(tensorName(report, tensor));
    const int layer = report.peak.layer;
    const bool has = layer >= 0 && layer < int(report.layers.size());
    return Object()
        .add("layer", has ? quoted(layerName(report, report.layers[std::size_t(layer)])) : jsonNull)
        .add("tensors", array(tensors))
        .add("index", has ? number(layer) : jsonNull)
        .json();
}

QByteArray sramPartsJson(const SramParts &parts)
{
    return Object()
        .add("input", number(parts.input))
        .add("output", number(parts.output))
        .add("held", number(parts.held))
        .add("pad", number(parts.pad))
        .add("scratch", number(parts.scratch))
        .json();
}

QByteArray layerJson(const Report &report, std::size_t index)
{
    const Layer &layer = report.layers[index];
    const Atom &atom = layer.atom;
    const bool known = layer.latency.source != Source::Missing;
    Object json;
    json.add("index", number(qint64(index)))
        .add("stage", quoted(report.stageNames.value(atom.stage)))
        .add("block", atom.block >= 0 ? number(atom.block + 1) : jsonNull)
        .add("name", quoted(layerName(report, layer)))
        .add("op", quoted(toString(atom.key.kind)))
        .add("in", shape(atom.key.in()))
        .add("out", shape(atom.key.out()))
        .add("kernel", number(atom.key.kernelH))
        .add("stride", number(atom.key.strideH))
        .add("macs", number(layer.macs))
        .add("params", number(layer.params))
        .add("flash_bytes", number(layer.flashBytes))
        .add("flash_cumulative_bytes", number(layer.flashCumulativeBytes))
        .add("sram_bytes", number(layer.sram.total()));
    addLatency(json, report, layer.latency, known);
    json.add("source", quoted(toString(layer.latency.source)))
        .add("samples", number(layer.latency.samples));
    addInstructions(json, report, layer.latency, known);
    json.add("extrapolated", boolean(layer.latency.extrapolated))
        .add("from_instructions", boolean(layer.latency.fromInstructions))
        .add("repeat", number(atom.repeat + 1))
        .add("activation", quoted(toString(atom.key.act)))
        .add("macs_elementwise", number(layer.macsElementwise))
        .add("sram_parts", sramPartsJson(layer.sram));
    return json.json();
}

} // namespace

QByteArray exactMs(qint64 nanoseconds)
{
    QByteArray text = QByteArray::number(nanoseconds / 1'000'000);
    const qint64 rest = nanoseconds % 1'000'000;
    if (rest == 0) return text;
    QByteArray decimals = QByteArray::number(rest).rightJustified(6, '0');
    while (decimals.endsWith('0'))
        decimals.chop(1);
    return text + '.' + decimals;
}

QByteArray reportJson(const Report &report, const QString &designName)
{
    QByteArrayList layers;
    layers.reserve(qsizetype(report.layers.size()));
    for (std::size_t i = 0; i < report.layers.size(); ++i)
        layers << layerJson(report, i);
    QByteArrayList reasons;
    for (const QString &reason : report.reasons)
        reasons << quoted(reason);

    Object root(",\n");
    root.add("board", quoted(report.target.board.id))
        .add("runtime", quoted(runtimeId(report.target.runtime)))
        .add("clock_hz", report.clockHz > 0 ? number(report.clockHz) : jsonNull)
        .add("totals", totalsJson(report))
        .add("limits", limitsJson(report))
        .add("fits", boolean(report.fits))
        .add("peak", peakJson(report))
        .add("layers", "[\n" + layers.join(",\n") + "\n]")
        .add("design", quoted(designName))
        .add("reasons", array(reasons));
    return root.json() + '\n';
}

} // namespace atomnet
