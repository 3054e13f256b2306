#include "core/atomdb/csv_rows.h"
#include "core/atomdb/csv_values.h"

#include <QHash>

#include <limits>

// Our own format, as AtomDb::exportCsv writes it (described at csv_export.h).
namespace atomnet
{

namespace export_columns
{
const std::array<const char *, Count> names{
    "board",          "runtime", "clock_hz",   "caches",      "compiler",   "flags",
    "kernel_version", "unit",    "kind",       "in_h",        "in_w",       "in_c",
    "out_h",          "out_w",   "out_c",      "kernel_h",    "kernel_w",   "stride_h",
    "stride_w",       "pad_t",   "pad_l",      "pad_b",       "pad_r",      "dilation",
    "groups",         "squeeze", "activation", "data_type",   "weights",    "variant",
    "value",          "nth",     "cycles",     "flash_bytes", "sram_bytes", "source"};
}

QString toString(SampleUnit unit)
{
    return unit == SampleUnit::Nanoseconds ? QStringLiteral("ns") : QStringLiteral("instructions");
}

QString toString(WeightPlace place)
{
    return place == WeightPlace::Flash ? QStringLiteral("flash") : QStringLiteral("ram");
}

namespace
{

using namespace export_columns;

constexpr qsizetype maxText = 4096;       ///< bytes of a text cell
constexpr std::size_t maxBatches = 10000; ///< conditions in one file

/// A number into a field of a key; remembers when one does not fit.
struct Fields {
    const CsvRow &row;
    bool ok = true;
    template <class T>
    void get(Column column, T &field)
    {
        const std::optional<qint64> number = row.number(column);
        if (number && *number <= qint64(std::numeric_limits<T>::max()))
            field = T(*number);
        else
            ok = false;
    }
};

std::optional<AtomKey> keyOf(const CsvRow &row)
{
    const auto kind = atomKindFrom(QString::fromUtf8(row[Kind]));
    const auto act = keyActFrom(QString::fromUtf8(row[Act]));
    const bool ram = row[Weights] == "ram";
    if (!kind || !act || row[Type] != "int8" || (!ram && row[Weights] != "flash"))
        return std::nullopt;
    AtomKey key;
    key.kind = *kind;
    key.act = *act;
    key.weights = ram ? WeightPlace::Ram : WeightPlace::Flash;
    Fields fields{row};
    fields.get(InH, key.inH);
    fields.get(InW, key.inW);
    fields.get(InC, key.inC);
    fields.get(OutH, key.outH);
    fields.get(OutW, key.outW);
    fields.get(OutC, key.outC);
    fields.get(KernelH, key.kernelH);
    fields.get(KernelW, key.kernelW);
    fields.get(StrideH, key.strideH);
    fields.get(StrideW, key.strideW);
    fields.get(PadT, key.padT);
    fields.get(PadL, key.padL);
    fields.get(PadB, key.padB);
    fields.get(PadR, key.padR);
    fields.get(Dilation, key.dilation);
    fields.get(Groups, key.groups);
    fields.get(Squeeze, key.squeeze);
    fields.get(Variant, key.variant);
    if (!fields.ok || !isStorable(key)) return std::nullopt;
    return key;
}

class ExportRows : public RowReader
{
public:
    [[nodiscard]] Columns columns() const override { return {names, names.size()}; }
    [[nodiscard]] RowResult read(const CsvRow &row) override;
    [[nodiscard]] SampleBatch &batch() override { return m_batches[m_current]; }
    [[nodiscard]] std::vector<SampleBatch> take() override { return std::move(m_batches); }

private:
    [[nodiscard]] bool selectBatch(const CsvRow &row);
    [[nodiscard]] quint32 originOf(const QString &name);

    std::vector<SampleBatch> m_batches;
    std::size_t m_current = 0;
    QByteArray
        m_signature; ///< condition cells of the row before: rows of one condition follow each other
    QHash<QByteArray, std::size_t> m_index;
};

/// Finds or makes the batch of this row's condition; false when the condition cannot be.
bool ExportRows::selectBatch(const CsvRow &row)
{
    QByteArray signature;
    for (std::size_t column = Board; column <= Unit; ++column) {
        if (row[column].size() > maxText) return false;
        const QByteArray cell = row.text(column).toUtf8();
        signature += QByteArray::number(cell.size()) + ' ' + cell;
    }
    if (signature == m_signature) return true;
    auto place = m_index.constFind(signature);
    if (place == m_index.constEnd()) {
        const std::optional<qint64> clock = row.number(ClockHz);
        const bool instructions = row[Unit] == "instructions";
        if (!clock || (!instructions && row[Unit] != "ns") || row[Board].isEmpty() ||
            row[Runtime].isEmpty() || m_batches.size() == maxBatches)
            return false;
        SampleBatch batch;
        batch.condition = RunCondition{row.text(Board),        row.text(Runtime),  *clock,
                                       row.text(Caches),       row.text(Compiler), row.text(Flags),
                                       row.text(KernelVersion)};
        batch.unit = instructions ? SampleUnit::Instructions : SampleUnit::Nanoseconds;
        place = m_index.insert(signature, m_batches.size());
        m_batches.push_back(std::move(batch));
    }
    m_current = *place;
    m_signature = signature;
    return true;
}

quint32 ExportRows::originOf(const QString &name)
{
    std::vector<SampleOrigin> &origins = batch().origins;
    for (std::size_t i = origins.size(); i-- > 0;)
        if (origins[i].name == name) return quint32(i);
    constexpr std::size_t maxOrigins = 1000; // beyond that, samples share the last one
    if (origins.size() < maxOrigins) origins.push_back({name, QString()});
    return quint32(origins.size() - 1);
}

RowResult ExportRows::read(const CsvRow &row)
{
    const std::optional<AtomKey> key = keyOf(row);
    if (!key) return rejected(QStringLiteral("the operator's columns do not describe one"));
    const std::optional<qint64> value = row.number(Value);
    if (!value || *value < 1 || *value > maxSampleValue)
        return rejected(QStringLiteral("value is not a number that can be"));
    if (!selectBatch(row))
        return rejected(QStringLiteral("the run condition's columns do not describe one"));
    RowResult result;
    result.key = key;
    result.entry.value = *value;
    result.entry.origin = originOf(row.text(Source).left(maxText));
    result.entry.cycles = row.number(Cycles);
    result.entry.flashBytes = row.number(FlashBytes);
    result.entry.sramBytes = row.number(SramBytes);
    return result;
}

} // namespace

std::unique_ptr<RowReader> exportRows()
{
    return std::make_unique<ExportRows>();
}

} // namespace atomnet
