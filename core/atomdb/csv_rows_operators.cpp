#include "core/atomdb/csv_rows.h"
#include "core/atomdb/csv_values.h"

// The AtomDB authors' operators file. Its type column is scrambled from the middle on, so the kind
// comes from the other columns, and MACs and Flash must agree with it.
namespace atomnet
{

namespace
{

enum Column : std::size_t {
    Type,
    ConvType,
    Groups,
    CIn,
    HIn,
    WIn,
    K1,
    K2,
    COut,
    HOut,
    WOut,
    Macs,
    Flash,
    Latency,
    Count
};
constexpr std::array<const char *, Count> columnNames{
    "type", "conv_type", "groups", "c_in",  "h_in", "w_in",  "k1",
    "k2",   "c_out",     "h_out",  "w_out", "MACs", "Flash", "latency"};
static_assert(columnNames.back() != nullptr);

constexpr int stemChannels =
    3; ///< a convolution of this many channels pads itself; others stand behind a pad

/// Whole numbers of some cells at once; false when one is none, or beyond what a key can hold.
struct Sizes {
    bool ok = true;
    qint32 get(const CsvRow &row, Column column)
    {
        const std::optional<qint64> number = row.number(column);
        constexpr qint64 most = 1 << 24; // isStorable() judges finer
        if (!number || *number > most) {
            ok = false;
            return 0;
        }
        return qint32(*number);
    }
};

/// An empty cell, or this number.
bool emptyOr(const CsvRow &row, Column column, qint64 value)
{
    return row[column].isEmpty() || row.number(column) == value;
}

class OperatorRows : public RowReader
{
public:
    OperatorRows() { m_batches.resize(1); }
    [[nodiscard]] Columns columns() const override { return {columnNames, columnNames.size()}; }
    [[nodiscard]] RowResult read(const CsvRow &row) override;
    [[nodiscard]] SampleBatch &batch() override { return m_batches[0]; }
    [[nodiscard]] std::vector<SampleBatch> take() override { return std::move(m_batches); }

private:
    [[nodiscard]] RowResult readConvolution(const CsvRow &row) const;
    [[nodiscard]] RowResult readPad(const CsvRow &row) const;
    [[nodiscard]] RowResult readFullyConnected(const CsvRow &row) const;
    [[nodiscard]] RowResult readElementwise(const CsvRow &row) const;
    [[nodiscard]] RowResult checked(const CsvRow &row, const AtomKey &key) const;

    std::vector<SampleBatch> m_batches;
    const QString m_badSize = QStringLiteral("a size is missing, not a whole number or too large");
    const QString m_badFigures = QStringLiteral("MACs or Flash is not what the sizes give");
};

/// What the type column would say of this kind. The file's fully connected rows have an empty
/// conv_type like pad and eltwise, and MACs unlike pad.
const char *typeOf(AtomKind kind)
{
    switch (kind) {
    case AtomKind::Conv:
    case AtomKind::Depthwise:
    case AtomKind::Pointwise:
        return "conv2d";
    case AtomKind::Pad:
        return "pad";
    default:
        return "eltwise";
    }
}

QString repairOf(QByteArrayView type, AtomKind kind)
{
    if (type == typeOf(kind)) return {};
    for (const char *known : {"conv2d", "pad", "eltwise"})
        if (type == known)
            return QStringLiteral("type says %1, the columns say %2")
                .arg(QLatin1String(known), toString(kind).replace(u'_', u' '));
    return QStringLiteral("type is none of conv2d, pad and eltwise, the columns say %1")
        .arg(toString(kind).replace(u'_', u' '));
}

RowResult OperatorRows::read(const CsvRow &row)
{
    if (row[Latency].isEmpty()) {
        if (row[Type] == "under_test")
            return skipped(QStringLiteral("under_test: not measured yet"));
        return skipped(QStringLiteral("empty: no latency"));
    }
    RowResult result = !row[ConvType].isEmpty()                     ? readConvolution(row)
                       : row.number(Macs) == 0                      ? readPad(row)
                       : row[HOut].isEmpty() && row[WOut].isEmpty() ? readFullyConnected(row)
                                                                    : readElementwise(row);
    if (!result.key) return result;
    const std::optional<qint64> latency = nanosecondsFromMs(row[Latency]);
    if (!latency || *latency > maxSampleValue)
        return rejected(QStringLiteral("latency is not a number of milliseconds that can be"));
    if (*latency == 0) return rejected(QStringLiteral("latency is 0"));
    result.entry.value = *latency;
    result.entry.flashBytes = row.number(Flash);
    result.repaired = repairOf(row[Type], result.key->kind);
    return result;
}

/// The key, when it can be stored and MACs and Flash agree.
RowResult OperatorRows::checked(const CsvRow &row, const AtomKey &key) const
{
    if (!isStorable(key)) return rejected(m_badSize);
    if (row.number(Macs) != macsOf(key) || row.number(Flash) != weightBytesOf(key))
        return rejected(m_badFigures);
    RowResult result;
    result.key = key;
    return result;
}

RowResult OperatorRows::readConvolution(const CsvRow &row) const
{
    Sizes sizes;
    AtomKey key;
    key.inH = sizes.get(row, HIn);
    key.inW = sizes.get(row, WIn);
    key.inC = sizes.get(row, CIn);
    key.outH = sizes.get(row, HOut);
    key.outW = sizes.get(row, WOut);
    key.outC = sizes.get(row, COut);
    key.groups = sizes.get(row, Groups);
    const qint32 kernelH = sizes.get(row, K1), kernelW = sizes.get(row, K2);
    if (!sizes.ok || kernelH > 255 || kernelW > 255) return rejected(m_badSize);
    key.kernelH = quint16(kernelH);
    key.kernelW = quint16(kernelW);

    const QByteArrayView type = row[ConvType];
    const bool oneByOne = kernelH == 1 && kernelW == 1;
    if (type == "PointWise" && oneByOne && key.groups == 1)
        key.kind = AtomKind::Pointwise;
    else if (type == "Ordinary" && !oneByOne && key.groups == 1)
        key.kind = AtomKind::Conv;
    else if (type == "DepthWise" && key.groups == key.inC && key.groups == key.outC)
        key.kind = AtomKind::Depthwise;
    else if (type == "PointWise" || type == "Ordinary" || type == "DepthWise")
        return rejected(QStringLiteral("kernel and groups are not those of its conv_type"));
    else
        return rejected(QStringLiteral("conv_type is none of Ordinary, DepthWise and PointWise"));

    if (key.inC == stemChannels) {
        key.padT = key.padB = quint16(kernelH / 2);
        key.padL = key.padR = quint16(kernelW / 2);
    }
    const int strideH = smallestStride(key.inH, key.padT + key.padB, kernelH, key.outH);
    const int strideW = smallestStride(key.inW, key.padL + key.padR, kernelW, key.outW);
    if (strideH < 1 || strideW < 1 || strideH > 65535 || strideW > 65535)
        return rejected(QStringLiteral("no stride leads from the input size to the output size"));
    key.strideH = quint16(strideH);
    key.strideW = quint16(strideW);
    return checked(row, key);
}

RowResult OperatorRows::readPad(const CsvRow &row) const
{
    Sizes sizes;
    AtomKey key;
    key.kind = AtomKind::Pad;
    key.inH = sizes.get(row, HIn);
    key.inW = sizes.get(row, WIn);
    key.inC = sizes.get(row, CIn);
    key.outH = sizes.get(row, HOut);
    key.outW = sizes.get(row, WOut);
    key.outC = sizes.get(row, COut);
    if (!sizes.ok) return rejected(m_badSize);
    const qint32 rows = key.outH - key.inH, columns = key.outW - key.inW;
    if (rows < 0 || columns < 0 || rows + columns == 0 || rows > 255 || columns > 255 ||
        key.inC != key.outC)
        return rejected(QStringLiteral("a pad whose output is not its input and a border"));
    // The file gives sizes only: a border of an odd number of rows has the larger half below, as
    // strided ones do.
    key.padT = quint16(rows / 2);
    key.padB = quint16(rows - rows / 2);
    key.padL = quint16(columns / 2);
    key.padR = quint16(columns - columns / 2);
    return checked(row, key);
}

RowResult OperatorRows::readFullyConnected(const CsvRow &row) const
{
    Sizes sizes;
    AtomKey key;
    key.kind = AtomKind::FullyConnected;
    key.inC = sizes.get(row, Groups); // where this file keeps the number of inputs
    key.outC = sizes.get(row, COut);
    if (!sizes.ok || !emptyOr(row, CIn, key.inC)) return rejected(m_badSize);
    return checked(row, key);
}

RowResult OperatorRows::readElementwise(const CsvRow &row) const
{
    Sizes sizes;
    AtomKey key;
    key.kind = AtomKind::Add;
    key.inH = key.outH = sizes.get(row, HOut);
    key.inW = key.outW = sizes.get(row, WOut);
    key.inC = key.outC = sizes.get(row, COut);
    if (!sizes.ok || !isStorable(key) || !emptyOr(row, CIn, key.inC) ||
        !emptyOr(row, HIn, key.inH) || !emptyOr(row, WIn, key.inW))
        return rejected(m_badSize);
    // One multiply-accumulate an element is an add or a mul, which the file cannot tell apart; two,
    // and two bytes of Flash a channel, is a factor and an offset per channel.
    const qint64 elements = elementwiseMacsOf(key);
    const std::optional<qint64> macs = row.number(Macs), flash = row.number(Flash);
    if (macs == elements * 2 && flash == qint64(key.inC) * 2)
        key.kind = AtomKind::Scale;
    else if (macs != elements || flash != 0)
        return rejected(m_badFigures);
    RowResult result;
    result.key = key;
    return result;
}

} // namespace

std::unique_ptr<RowReader> operatorRows()
{
    return std::make_unique<OperatorRows>();
}

} // namespace atomnet
