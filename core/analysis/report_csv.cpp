#include "core/analysis/report_text.h"

namespace atomnet
{

namespace
{

QByteArray field(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    const bool plain = !bytes.contains('"') && !bytes.contains(',') && !bytes.contains('\n') &&
                       !bytes.contains('\r');
    if (plain) return bytes;
    return '"' + bytes.replace('"', "\"\"") + '"';
}

QByteArrayList columns(TimeUnit unit)
{
    QByteArrayList names{"index",
                         "stage",
                         "block",
                         "repeat",
                         "name",
                         "op",
                         "in_h",
                         "in_w",
                         "in_c",
                         "out_h",
                         "out_w",
                         "out_c",
                         "kernel",
                         "stride",
                         "activation",
                         "macs",
                         "macs_elementwise",
                         "params",
                         "flash_bytes",
                         "flash_cumulative_bytes",
                         "sram_bytes",
                         "sram_input",
                         "sram_output",
                         "sram_held",
                         "sram_pad",
                         "sram_scratch"};
    if (unit == TimeUnit::Nanoseconds)
        names << "latency_ms"
              << "latency_low_ms"
              << "latency_high_ms";
    else
        names << "instructions"
              << "instructions_low"
              << "instructions_high";
    return names << "source"
                 << "samples"
                 << "extrapolated"
                 << "from_instructions";
}

} // namespace

QByteArray reportCsv(const Report &report)
{
    const auto amount = [&report](qint64 value) {
        return report.unit == TimeUnit::Nanoseconds ? exactMs(value) : QByteArray::number(value);
    };
    QByteArray csv = columns(report.unit).join(',') + '\n';
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const Layer &layer = report.layers[i];
        const AtomKey &key = layer.atom.key;
        QByteArrayList row{QByteArray::number(qint64(i)),
                           field(report.stageNames.value(layer.atom.stage)),
                           layer.atom.block >= 0 ? QByteArray::number(layer.atom.block + 1)
                                                 : QByteArray(),
                           QByteArray::number(layer.atom.repeat + 1),
                           field(layerName(report, layer)),
                           field(toString(key.kind))};
        for (const qint64 value :
             {qint64(key.inH), qint64(key.inW), qint64(key.inC), qint64(key.outH), qint64(key.outW),
              qint64(key.outC), qint64(key.kernelH), qint64(key.strideH)})
            row << QByteArray::number(value);
        row << field(toString(key.act));
        for (const qint64 value :
             {layer.macs, layer.macsElementwise, layer.params, layer.flashBytes,
              layer.flashCumulativeBytes, layer.sram.total(), layer.sram.input, layer.sram.output,
              layer.sram.held, layer.sram.pad, layer.sram.scratch})
            row << QByteArray::number(value);
        const Latency &latency = layer.latency;
        row << (latency.source == Source::Missing ? QByteArray() : amount(latency.value))
            << amount(latency.low) << (latency.high ? amount(*latency.high) : QByteArray())
            << field(toString(latency.source)) << QByteArray::number(latency.samples)
            << (latency.extrapolated ? "true" : "false")
            << (latency.fromInstructions ? "true" : "false");
        csv += row.join(',') + '\n';
    }
    return csv;
}

} // namespace atomnet
