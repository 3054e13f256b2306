#pragma once

#include "core/atomdb/csv_import.h"

#include <array>
#include <memory>
#include <span>

// One reader per file format, behind parseCsv().
namespace atomnet
{

/// The cells of one record by column; a column that the file lacks reads as empty.
class CsvRow
{
public:
    CsvRow(const std::vector<QByteArrayView> &fields, const std::vector<int> &places)
        : m_fields(fields), m_places(places)
    {
    }
    /// By index into the format's column list; spaces around it removed.
    [[nodiscard]] QByteArrayView operator[](std::size_t column) const;
    /// As it stands, spaces included.
    [[nodiscard]] QString text(std::size_t column) const;
    [[nodiscard]] std::optional<qint64> number(std::size_t column) const;

private:
    const std::vector<QByteArrayView> &m_fields;
    const std::vector<int> &m_places;
};

/// What one row says: a sample, or why there is none.
struct RowResult {
    std::optional<AtomKey> key;
    SampleBatch::Entry entry;
    QString repaired; ///< reason, when the row was used against its type column
    ImportReport::Action action =
        ImportReport::Action::Rejected; ///< without a key: skipped or rejected
    QString reason;
};
[[nodiscard]] RowResult rejected(const QString &reason);
[[nodiscard]] RowResult skipped(const QString &reason);

/// Reads the rows of one format into batches.
class RowReader
{
public:
    struct Columns {
        std::span<const char *const> names; ///< the first `required` of them must be there
        std::size_t required = 0;
    };
    virtual ~RowReader() = default;
    [[nodiscard]] virtual Columns columns() const = 0;
    [[nodiscard]] virtual RowResult read(const CsvRow &row) = 0;
    /// The batch for the row just read.
    [[nodiscard]] virtual SampleBatch &batch() = 0;
    [[nodiscard]] virtual std::vector<SampleBatch> take() = 0;
};

[[nodiscard]] std::unique_ptr<RowReader> operatorRows();
[[nodiscard]] std::unique_ptr<RowReader> squeezeExciteRows();
[[nodiscard]] std::unique_ptr<RowReader> exportRows();

/// Columns of our own format, in the order of writing: condition, key, sample.
namespace export_columns
{
enum Column : std::size_t {
    Board,
    Runtime,
    ClockHz,
    Caches,
    Compiler,
    Flags,
    KernelVersion,
    Unit,
    Kind,
    InH,
    InW,
    InC,
    OutH,
    OutW,
    OutC,
    KernelH,
    KernelW,
    StrideH,
    StrideW,
    PadT,
    PadL,
    PadB,
    PadR,
    Dilation,
    Groups,
    Squeeze,
    Act,
    Type,
    Weights,
    Variant,
    Value,
    Nth,
    Cycles,
    FlashBytes,
    SramBytes,
    Source,
    Count
};
extern const std::array<const char *, Count> names;
} // namespace export_columns

[[nodiscard]] QString toString(SampleUnit unit);   ///< "ns", "instructions"
[[nodiscard]] QString toString(WeightPlace place); ///< "flash", "ram"

} // namespace atomnet
