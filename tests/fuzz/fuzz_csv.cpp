// Any bytes as a measurement file: parsing never crashes, every line is accounted for, and what it
// gives can be stored. The first byte may choose one of the known first lines, so that the rows
// below it are reached.
#include "core/atomdb/csv_import.h"

#include <cstdio>
#include <cstdlib>

namespace
{

/// Unlike an assertion it stays in every build type.
void require(bool holds, const char *what)
{
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

QByteArray firstLine(unsigned char choice)
{
    switch (choice) {
    case 1:
        return "type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,latency,"
               "MACs/latency\r\n";
    case 2:
        return "config,c_in,h_in,w_in,reduction,MACs,Flash,SRAM,latency,MACs/latency\r\n";
    case 3:
        return "board,runtime,clock_hz,caches,compiler,flags,kernel_version,unit,kind,in_h,in_w,in_"
               "c,out_h,out_w,"
               "out_c,kernel_h,kernel_w,stride_h,stride_w,pad_t,pad_l,pad_b,pad_r,dilation,groups,"
               "squeeze,"
               "activation,data_type,weights,variant,value,nth,cycles,flash_bytes,sram_bytes,"
               "source\n";
    default:
        return {};
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    using namespace atomnet;
    QByteArray bytes;
    if (size > 0 && data[0] <= 3) {
        bytes = firstLine(data[0]);
        ++data;
        --size;
    }
    bytes.append(reinterpret_cast<const char *>(data), qsizetype(size));
    const QString name = QStringLiteral("fuzz");
    const Result<CsvContents> contents = parseCsv(bytes, name);
    if (!contents) {
        require(contents.error().code == ErrorCode::BadInput, "an unusable file is bad input");
        require(!contents.error().what.isEmpty(), "an error has a sentence");
        require(contents.error().where.startsWith(name), "an error has a place");
        return 0;
    }
    const ImportReport &report = contents->report;
    require(report.used + report.skipped + report.rejected == report.lines,
            "every line is accounted for");
    qint64 samples = 0, keys = 0;
    for (const SampleBatch &batch : contents->batches) {
        require(batch.condition.has_value() == (contents->format == CsvFormat::Export),
                "only an export says its conditions");
        samples += qint64(batch.entries().size());
        keys += qint64(batch.keys().size());
        for (const AtomKey &key : batch.keys())
            require(isStorable(key), "a key can be stored");
        for (const SampleBatch::Entry &entry : batch.entries()) {
            require(entry.value >= 1 && entry.value <= maxSampleValue, "a value is within bounds");
            require(entry.key < batch.keys().size(), "a sample has a key");
            require(batch.origins.empty() || entry.origin < batch.origins.size(),
                    "a sample has an origin");
        }
    }
    require(samples == report.used && keys == report.keys, "counts agree");
    require(report.merged == samples - keys, "repeated operators are counted");
    for (const ImportReport::Reason &reason : report.reasons())
        require(reason.count > 0 && !reason.lines.isEmpty(), "a reason has lines");
    return 0;
}
