#pragma once

#include "core/analysis/latency_model.h"
#include "core/atomdb/atom_db.h"

#include <array>
#include <memory>
#include <vector>

// AtomDB as columns of numbers, to filter and to draw.
namespace atomnet
{

/// A figure of an operator. The numbers are not stored; files and settings hold the names.
enum class ExplorerField : quint8 {
    Latency,   ///< median: ms, or thousand instructions
    Speed,     ///< MACs per ms, or per instruction; none without MACs
    Flash,     ///< KiB of weights and biases
    Macs,      ///< multiply-accumulates, elementwise work included
    InBytes,   ///< KiB of the input tensor
    OutBytes,  ///< KiB of the output tensor
    Intensity, ///< MACs per byte of input, output and weights; none without MACs
    InChannels,
    OutChannels,
    InSize,    ///< height of the input map
    OutSize,   ///< height of the output map
    OutPixels, ///< height x width of the output map
    Kernel,
    Stride,
    Samples,         ///< how many
    Spread,          ///< (high - low) / 2 / median, in %
    Predicted,       ///< what the model says: ms, or thousand instructions
    PredictionError, ///< predicted / measured - 1, in %
};
inline constexpr int explorerFieldCount = int(ExplorerField::PredictionError) + 1;

[[nodiscard]] QString toString(ExplorerField field); ///< "in_channels"
[[nodiscard]] std::optional<ExplorerField> explorerFieldFrom(QStringView name);
/// "Input channels", "Latency (ms)"; of instructions where the unit is so.
[[nodiscard]] QString fieldTitle(ExplorerField field, SampleUnit unit);
/// True for those that a key has without any samples.
[[nodiscard]] bool isShapeField(ExplorerField field);
/// True where figures spread over powers of ten.
[[nodiscard]] bool prefersLog(ExplorerField field);

/// A shape field of a key; NaN when it has none, and for the other fields.
[[nodiscard]] double shapeValue(ExplorerField field, const AtomKey &key);

/// The operators of one run condition, as columns: row i is AtomTable::rows()[i]. Columns are made
/// when they are first asked for: one thread at a time.
class ExplorerTable
{
public:
    explicit ExplorerTable(std::shared_ptr<const AtomTable> table);

    [[nodiscard]] quint32 size() const { return quint32(m_table->rows().size()); }
    [[nodiscard]] const AtomTable &table() const { return *m_table; }
    [[nodiscard]] SampleUnit unit() const { return m_table->unit(); }
    [[nodiscard]] const AtomTable::Row &row(quint32 index) const { return m_table->rows()[index]; }
    /// One value a row, NaN where there is none.
    [[nodiscard]] const std::vector<float> &column(ExplorerField field) const;
    [[nodiscard]] const std::vector<quint8> &kinds() const; ///< as AtomKind

    /// What predict() computed; Predicted and PredictionError are NaN before.
    void setPredictions(std::shared_ptr<const LatencyModel> model, std::vector<float> predicted);
    [[nodiscard]] const std::shared_ptr<const LatencyModel> &model() const { return m_model; }

private:
    std::shared_ptr<const AtomTable> m_table;
    std::shared_ptr<const LatencyModel> m_model;
    mutable std::array<std::vector<float>, std::size_t(explorerFieldCount)> m_columns;
    mutable std::vector<quint8> m_kinds;
};

/// estimate() of each row, as ExplorerField::Predicted; NaN where the model knows nothing. Empty
/// when cancelled.
[[nodiscard]] std::vector<float> predict(const AtomTable &table, const LatencyModel &model,
                                         const RunControl &control = {});

} // namespace atomnet
