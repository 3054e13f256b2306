#include "core/atomdb/csv_rows.h"
#include "core/atomdb/csv_values.h"

// The AtomDB authors' squeeze-excite file: one whole module a row.
namespace atomnet
{

namespace
{

enum Column : std::size_t { CIn, HIn, WIn, Reduction, Macs, Flash, Latency, Sram, Count };
constexpr std::array<const char *, Count> columnNames{"c_in", "h_in",  "w_in",    "reduction",
                                                      "MACs", "Flash", "latency", "SRAM"};
constexpr std::size_t requiredColumns =
    Sram; // kept when it is there; reduction tells the file from others

class SqueezeExciteRows : public RowReader
{
public:
    SqueezeExciteRows() { m_batches.resize(1); }
    [[nodiscard]] Columns columns() const override { return {columnNames, requiredColumns}; }
    [[nodiscard]] RowResult read(const CsvRow &row) override;
    [[nodiscard]] SampleBatch &batch() override { return m_batches[0]; }
    [[nodiscard]] std::vector<SampleBatch> take() override { return std::move(m_batches); }

private:
    std::vector<SampleBatch> m_batches;
};

RowResult SqueezeExciteRows::read(const CsvRow &row)
{
    if (row[Latency].isEmpty()) return skipped(QStringLiteral("empty: no latency"));
    AtomKey key;
    key.kind = AtomKind::SqueezeExcite;
    const std::optional<qint64> c = row.number(CIn), h = row.number(HIn), w = row.number(WIn);
    constexpr qint64 most =
        1 << 20; // keeps the products below inside 64 bits; isStorable() judges finer
    if (!c || !h || !w || *c < 1 || *c > most || *h > most || *w > most)
        return rejected(QStringLiteral("a size is missing, not a whole number or too large"));
    key.inC = key.outC = qint32(*c);
    key.inH = key.outH = qint32(*h);
    key.inW = key.outW = qint32(*w);

    // The squeeze channels m are not in the file: MACs = 2chw + 2c + m(2c + 1) gives them, and
    // Flash must agree.
    const std::optional<qint64> macs = row.number(Macs), flash = row.number(Flash);
    const qint64 rest = macs.value_or(0) - (2 * *c * *h * *w + 2 * *c);
    const qint64 squeeze = rest / (2 * *c + 1);
    if (rest <= 0 || squeeze > most || rest % (2 * *c + 1) != 0)
        return rejected(QStringLiteral("MACs is not that of a squeeze-excite module of this size"));
    key.squeeze = qint32(squeeze);
    if (!isStorable(key))
        return rejected(QStringLiteral("a size is missing, not a whole number or too large"));
    if (flash != weightBytesOf(key))
        return rejected(
            QStringLiteral("Flash is not that of a squeeze-excite module with these MACs"));

    const std::optional<qint64> latency = nanosecondsFromMs(row[Latency]);
    if (!latency || *latency > maxSampleValue)
        return rejected(QStringLiteral("latency is not a number of milliseconds that can be"));
    if (*latency == 0) return rejected(QStringLiteral("latency is 0"));
    RowResult result;
    result.key = key;
    result.entry.value = *latency;
    result.entry.flashBytes = flash;
    result.entry.sramBytes = row.number(Sram);
    return result;
}

} // namespace

std::unique_ptr<RowReader> squeezeExciteRows()
{
    return std::make_unique<SqueezeExciteRows>();
}

} // namespace atomnet
