#include "core/search/tables.h"

#include "core/analysis/flash.h"
#include "core/analysis/runtime_footprint.h"
#include "core/analysis/saturate.h"
#include "core/search/part_costs.h"
#include "core/search/space_options.h"

#include <QCryptographicHash>

#include <algorithm>
#include <unordered_map>

namespace atomnet
{

namespace
{

struct ShapeHash {
    std::size_t operator()(const Shape &s) const noexcept
    {
        return std::size_t((quint64(s.h) * 4099 + quint64(s.w)) * 65537 + quint64(s.c));
    }
};

/// The shapes that enter one stage, in the order in which they were met.
class Shapes
{
public:
    quint32 index(const Shape &shape)
    {
        const auto [known, fresh] = m_index.emplace(shape, quint32(m_shapes.size()));
        if (fresh) m_shapes.push_back(shape);
        return known->second;
    }
    [[nodiscard]] const std::vector<Shape> &all() const { return m_shapes; }

private:
    std::unordered_map<Shape, quint32, ShapeHash> m_index;
    std::vector<Shape> m_shapes;
};

/// A graph that uses these kernels, for those who ask one.
AtomGraph graphOf(Runtime runtime, quint16 kernels)
{
    AtomGraph graph;
    graph.runtime = runtime;
    for (int kind = 0; kind < atomKindCount; ++kind) {
        if ((kernels >> kind & 1) == 0) continue;
        Atom atom;
        atom.key.kind = AtomKind(kind);
        graph.atoms.push_back(atom);
    }
    return graph;
}

QString stageName(const SearchSpace &space, std::size_t stage)
{
    const QString &name = space.stages[stage].name;
    return name.isEmpty() ? QString::number(stage + 1) : name;
}

/// Every option of a stage behind one shape.
Result<ShapeRows> rowsOf(const std::vector<Stage> &options, const Shape &in, PartCosts &costs,
                         Shapes &next, bool measuredOnly)
{
    ShapeRows result;
    result.in = in;
    result.rows.reserve(options.size());
    for (std::size_t o = 0; o < options.size(); ++o) {
        TableRow row;
        row.option = quint32(o);
        Shape shape = in;
        for (const Block &block : options[o].blocks) {
            if (auto added = costs.addBlock(block, shape, row.figures); !added)
                return tl::make_unexpected(added.error());
            row.depth += block.repeat;
        }
        row.next =
            next.index(shape); // also of those left out: heads are looked at whatever leads there
        if (measuredOnly && row.figures.unmeasured) continue;
        result.rows.push_back(row);
    }
    return result;
}

void addToHash(QCryptographicHash &hash, const std::vector<ShapeRows> &shapes)
{
    std::vector<qint64> numbers;
    for (const ShapeRows &shape : shapes) {
        numbers.clear();
        numbers.insert(numbers.end(), {shape.in.h, shape.in.w, shape.in.c});
        for (const TableRow &row : shape.rows) {
            const PartFigures &f = row.figures;
            numbers.insert(numbers.end(),
                           {f.macs, f.macsElementwise, f.params, f.latency, f.measuredLatency,
                            f.flash, f.sram, f.kernels | qint64(f.missing) << 16,
                            qint64(row.next) << 32 | row.option, row.depth});
        }
        hash.addData(QByteArrayView(reinterpret_cast<const char *>(numbers.data()),
                                    qsizetype(numbers.size() * sizeof(qint64))));
    }
}

QByteArray hashOf(const SpaceTables &tables)
{
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    hash.addData(runtimeId(tables.runtime).toUtf8() + toString(tables.estimates).toUtf8() +
                 (tables.stackCounted ? "+" : "-"));
    for (const auto &stage : tables.stages)
        addToHash(hash, stage);
    addToHash(hash, tables.heads);
    return hash.result().toHex();
}

} // namespace

void PartFigures::add(const PartFigures &other)
{
    macs = saturatingAdd(macs, other.macs);
    macsElementwise = saturatingAdd(macsElementwise, other.macsElementwise);
    params = saturatingAdd(params, other.params);
    latency = saturatingAdd(latency, other.latency);
    measuredLatency = saturatingAdd(measuredLatency, other.measuredLatency);
    flash = saturatingAdd(flash, other.flash);
    sram = std::max(sram, other.sram);
    kernels = quint16(kernels | other.kernels);
    missing = missing || other.missing;
    unmeasured = unmeasured || other.unmeasured;
}

const TableRow *SpaceTables::row(std::size_t stage, quint32 shape, quint32 option) const
{
    const std::vector<TableRow> &rows = stages[stage][shape].rows;
    const auto at =
        std::lower_bound(rows.begin(), rows.end(), option,
                         [](const TableRow &row, quint32 wanted) { return row.option < wanted; });
    return at != rows.end() && at->option == option ? &*at : nullptr;
}

qint64 SpaceTables::flashOf(const PartFigures &sum) const
{
    const RuntimeCode code = runtimeCode(graphOf(runtime, sum.kernels), sum.flash);
    return sum.flash + (estimates == Estimates::Pessimistic ? code.high : code.value);
}

qint64 SpaceTables::sramBeside(quint16 kernels) const
{
    if (runtime != Runtime::AtomNet1) return 0;
    const AtomGraph graph = graphOf(runtime, kernels);
    return dataBytes(graph) + (stackCounted ? stackBytes(graph) : 0);
}

qint64 SpaceTables::mostConstants(quint16 kernels, qint64 limit) const
{
    PartFigures sum;
    sum.kernels = kernels;
    if (flashOf(sum) > limit) return -1;
    qint64 within = 0, above = limit + 1;
    while (above - within > 1) {
        sum.flash = within + (above - within) / 2;
        (flashOf(sum) <= limit ? within : above) = sum.flash;
    }
    return within;
}

Result<SpaceTables> makeTables(const SearchSpace &space, const Target &target,
                               const Knowledge &knowledge, Estimates estimates,
                               const RunControl &control)
{
    SpaceTables tables;
    tables.runtime = target.runtime;
    tables.estimates = estimates;
    tables.stackCounted = !target.board.stackApart;
    tables.networks = countNetworks(space).distinctText;
    PartCosts costs(target, knowledge, estimates);
    const bool measuredOnly = estimates == Estimates::MeasuredOnly;
    Shapes shapes;
    for (const Shape &input : spaceInputs(space))
        shapes.index(input);
    qint64 total = 0;
    const std::size_t stages = space.stages.size();
    for (std::size_t s = 0; s < stages; ++s) {
        const double options = countOptions(space.stages[s]).distinct;
        if (double(total) + options * double(shapes.all().size()) > double(mostTableRows))
            return fail(ErrorCode::BadInput,
                        QStringLiteral("this space of %1 networks is too large to search exactly: "
                                       "up to stage %2 alone its tables would hold more than %3 "
                                       "rows; shorten its lists or lock some stages")
                            .arg(countNetworks(space).distinctText, stageName(space, s))
                            .arg(mostTableRows));
        tables.options.push_back(stageOptions(space.stages[s]));
        tables.stages.emplace_back();
        Shapes next;
        for (const Shape &in : shapes.all()) {
            if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
            auto rows = rowsOf(tables.options[s], in, costs, next, measuredOnly);
            if (!rows)
                return fail(rows.error().code,
                            QStringLiteral("behind an input of %1x%2x%3: %4")
                                .arg(in.h)
                                .arg(in.w)
                                .arg(in.c)
                                .arg(rows.error().what),
                            QStringLiteral("stage %1 of the space").arg(stageName(space, s)));
            total += qint64(rows->rows.size());
            tables.stages[s].push_back(*std::move(rows));
        }
        shapes = std::move(next);
        control.progress(double(s + 1) / double(stages));
    }
    for (const Shape &in : shapes.all()) {
        ShapeRows head;
        head.in = in;
        TableRow row;
        row.figures = costs.head(space.head, in);
        if (measuredOnly && row.figures.unmeasured)
            tables.unmeasuredHead = costs.lastUnmeasured();
        else
            head.rows.push_back(row);
        tables.heads.push_back(head);
    }
    const auto any = [](const ShapeRows &head) { return !head.rows.empty(); };
    if (std::any_of(tables.heads.begin(), tables.heads.end(), any)) tables.unmeasuredHead.clear();
    tables.hash = hashOf(tables);
    return tables;
}

} // namespace atomnet
