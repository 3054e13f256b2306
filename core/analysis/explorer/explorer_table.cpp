#include "core/analysis/explorer/explorer_table.h"

#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr double nanosecondsPerMs = 1e6, instructionsPerThousand = 1e3, bytesPerKib = 1024;

struct FieldText {
    const char *id, *title;
};
constexpr FieldText texts[explorerFieldCount] = {
    {"latency", "Latency (ms)"},
    {"speed", "MACs per ms"},
    {"flash", "Flash (KiB)"},
    {"macs", "MACs"},
    {"in_bytes", "Input (KiB)"},
    {"out_bytes", "Output (KiB)"},
    {"intensity", "MACs per byte"},
    {"in_channels", "Input channels"},
    {"out_channels", "Output channels"},
    {"in_size", "Input map height"},
    {"out_size", "Output map height"},
    {"out_pixels", "Output pixels"},
    {"kernel", "Kernel"},
    {"stride", "Stride"},
    {"samples", "Samples"},
    {"spread", "Spread of samples (%)"},
    {"predicted", "Predicted latency (ms)"},
    {"prediction_error", "Predicted / measured - 1 (%)"},
};

qint64 workOf(const AtomKey &key)
{
    return macsOf(key) + elementwiseMacsOf(key);
}

double shown(qint64 value, SampleUnit unit)
{
    return double(value) /
           (unit == SampleUnit::Nanoseconds ? nanosecondsPerMs : instructionsPerThousand);
}

double sampleValue(ExplorerField field, const AtomTable::Row &row, SampleUnit unit)
{
    const AtomStats &stats = row.stats;
    switch (field) {
    case ExplorerField::Latency:
        return shown(stats.median, unit);
    case ExplorerField::Speed: {
        const qint64 work = workOf(row.key);
        if (work <= 0 || stats.median <= 0) return none;
        const double perUnit = double(work) / double(stats.median);
        return unit == SampleUnit::Nanoseconds ? perUnit * nanosecondsPerMs : perUnit;
    }
    case ExplorerField::Samples:
        return stats.count;
    case ExplorerField::Spread:
        return stats.median > 0 && stats.count > 1
                   ? 50.0 * double(stats.high - stats.low) / double(stats.median)
                   : none;
    default:
        return shapeValue(field, row.key);
    }
}

} // namespace

QString toString(ExplorerField field)
{
    return QString::fromLatin1(texts[int(field)].id);
}

std::optional<ExplorerField> explorerFieldFrom(QStringView name)
{
    for (int i = 0; i < explorerFieldCount; ++i)
        if (name == QLatin1String(texts[i].id)) return ExplorerField(i);
    return std::nullopt;
}

QString fieldTitle(ExplorerField field, SampleUnit unit)
{
    if (unit == SampleUnit::Instructions) {
        if (field == ExplorerField::Latency) return QStringLiteral("Instructions (thousand)");
        if (field == ExplorerField::Predicted)
            return QStringLiteral("Predicted instructions (thousand)");
        if (field == ExplorerField::Speed) return QStringLiteral("MACs per instruction");
    }
    if (field == ExplorerField::PredictionError)
        return QStringLiteral("Predicted / measured \u2212 1 (%)");
    return QString::fromLatin1(texts[int(field)].title);
}

bool isShapeField(ExplorerField field)
{
    switch (field) {
    case ExplorerField::Latency:
    case ExplorerField::Speed:
    case ExplorerField::Samples:
    case ExplorerField::Spread:
    case ExplorerField::Predicted:
    case ExplorerField::PredictionError:
        return false;
    default:
        return true;
    }
}

bool prefersLog(ExplorerField field)
{
    switch (field) {
    case ExplorerField::InChannels:
    case ExplorerField::OutChannels:
    case ExplorerField::InSize:
    case ExplorerField::OutSize:
    case ExplorerField::Kernel:
    case ExplorerField::Stride:
    case ExplorerField::PredictionError:
        return false;
    default:
        return true;
    }
}

double shapeValue(ExplorerField field, const AtomKey &key)
{
    switch (field) {
    case ExplorerField::Flash:
        return double(weightBytesOf(key)) / bytesPerKib;
    case ExplorerField::Macs:
        return double(workOf(key));
    case ExplorerField::InBytes:
        return double(key.in().bytes()) / bytesPerKib;
    case ExplorerField::OutBytes:
        return double(key.out().bytes()) / bytesPerKib;
    case ExplorerField::Intensity: {
        const qint64 work = workOf(key);
        const double bytes =
            double(key.in().bytes()) + double(key.out().bytes()) + double(weightBytesOf(key));
        return work > 0 && bytes > 0 ? double(work) / bytes : none;
    }
    case ExplorerField::InChannels:
        return key.inC;
    case ExplorerField::OutChannels:
        return key.outC;
    case ExplorerField::InSize:
        return key.inH;
    case ExplorerField::OutSize:
        return key.outH;
    case ExplorerField::OutPixels:
        return double(key.outH) * key.outW;
    case ExplorerField::Kernel:
        return key.kernelH;
    case ExplorerField::Stride:
        return key.strideH;
    default:
        return none;
    }
}

ExplorerTable::ExplorerTable(std::shared_ptr<const AtomTable> table) : m_table(std::move(table))
{
    Q_ASSERT(m_table);
}

const std::vector<float> &ExplorerTable::column(ExplorerField field) const
{
    std::vector<float> &column = m_columns[std::size_t(field)];
    const std::vector<AtomTable::Row> &rows = m_table->rows();
    if (column.size() == rows.size()) return column;
    column.assign(rows.size(), none);
    if (field == ExplorerField::PredictionError) {
        const std::vector<float> &predicted = this->column(ExplorerField::Predicted);
        const std::vector<float> &measured = this->column(ExplorerField::Latency);
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (measured[i] > 0) column[i] = 100 * (predicted[i] / measured[i] - 1);
        return column;
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        column[i] = float(sampleValue(field, rows[i], unit()));
    return column;
}

const std::vector<quint8> &ExplorerTable::kinds() const
{
    const std::vector<AtomTable::Row> &rows = m_table->rows();
    if (m_kinds.size() != rows.size()) {
        m_kinds.resize(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            m_kinds[i] = quint8(rows[i].key.kind);
    }
    return m_kinds;
}

void ExplorerTable::setPredictions(std::shared_ptr<const LatencyModel> model,
                                   std::vector<float> predicted)
{
    Q_ASSERT(predicted.size() == size());
    m_model = std::move(model);
    m_columns[std::size_t(ExplorerField::Predicted)] = std::move(predicted);
    m_columns[std::size_t(ExplorerField::PredictionError)].clear();
}

std::vector<float> predict(const AtomTable &table, const LatencyModel &model,
                           const RunControl &control)
{
    constexpr std::size_t askEvery = 4096;
    const std::vector<AtomTable::Row> &rows = table.rows();
    std::vector<float> predicted(rows.size(), none);
    if (model.unit != table.unit()) return predicted;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % askEvery == 0 && control.cancelled()) return {};
        if (const auto known = estimate(model, rows[i].key))
            predicted[i] = float(shown(known->value, table.unit()));
    }
    return predicted;
}

} // namespace atomnet
