#include "core/analysis/prediction/boosted_fit.h"

#include <QByteArray>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace atomnet
{

namespace
{

constexpr int binCount = BoostedAxis::mostBorders + 1;
constexpr qint64 fullWeight = 1024;

/// A border between two neighbouring values, short in files. Of traits that say nearly the same
/// (height, width) the even ones put it nearer to the lower value and the odd ones nearer to the
/// upper: what lies between two seen values is then answered by both sides.
double between(double low, double high, bool upper)
{
    const double middle = std::sqrt(low * high); // sizes are ratios
    const double border =
        QByteArray::number(std::sqrt(middle * (upper ? high : low)), 'g', 6).toDouble();
    return border >= low && border < high ? border : low;
}

std::vector<double> bordersOf(std::vector<double> values, bool upper)
{
    std::sort(values.begin(), values.end());
    std::vector<double> distinct = values;
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    std::vector<double> borders;
    if (distinct.size() <= binCount) {
        for (std::size_t i = 0; i + 1 < distinct.size(); ++i)
            borders.push_back(between(distinct[i], distinct[i + 1], upper));
        return borders;
    }
    for (std::size_t i = 1; i < binCount; ++i) {
        const double value = values[values.size() * i / binCount];
        const auto next = std::upper_bound(distinct.begin(), distinct.end(), value);
        if (next == distinct.end()) break;
        const double border = between(value, *next, upper);
        if (borders.empty() || border > borders.back()) borders.push_back(border);
    }
    return borders;
}

struct Cell {
    qint64 gradient = 0;
    qint32 weight = 0;
    qint32 rows = 0;
    void operator+=(const Cell &other)
    {
        gradient += other.gradient;
        weight += other.weight;
        rows += other.rows;
    }
    void operator-=(const Cell &other)
    {
        gradient -= other.gradient;
        weight -= other.weight;
        rows -= other.rows;
    }
    /// What a leaf with these rows takes off the squared error, about.
    [[nodiscard]] double score() const
    {
        return double(gradient) * double(gradient) / double(weight + fullWeight);
    }
};
using Histogram = std::vector<Cell>; // binCount cells for each column drawn

struct Leaf {
    int node = 0, depth = 0;
    int first = 0, last = 0; ///< its rows, as places in Grower::m_order
    Cell sum;
    Histogram histogram;
    double gain = 0; ///< of its best split; 0: none
    int column = 0, bin = 0;
};

/// Grows one tree after the other.
class Grower
{
public:
    Grower(const BinnedRows &binned, const std::vector<int> &rows,
           const std::vector<qint32> &targets, const BoostingOptions &options)
        : m_binned(binned)
        , m_rows(rows)
        , m_options(options)
        , m_order(rows.size())
        , m_residuals(rows.size())
        , m_gradients(rows.size())
        , m_weights(rows.size())
    {
        std::vector<qint32> sorted(targets);
        std::nth_element(sorted.begin(), sorted.begin() + qsizetype(sorted.size() / 2),
                         sorted.end());
        m_trees.base = sorted[sorted.size() / 2];
        for (std::size_t i = 0; i < rows.size(); ++i)
            m_residuals[i] = targets[i] - m_trees.base;
    }

    void grow()
    {
        weigh();
        drawColumns();
        for (std::size_t i = 0; i < m_order.size(); ++i)
            m_order[i] = int(i);
        m_trees.roots.push_back(quint32(m_trees.nodes.size()));
        std::vector<Leaf> leaves(1);
        leaves[0].last = int(m_order.size());
        leaves[0].node = addNode();
        count(leaves[0]);
        findSplit(leaves[0]);
        while (int(leaves.size()) < m_options.leaves) {
            const auto best =
                std::max_element(leaves.begin(), leaves.end(),
                                 [](const Leaf &a, const Leaf &b) { return a.gain < b.gain; });
            if (!(best->gain > 0)) break;
            Leaf right;
            split(*best, right);
            leaves.push_back(std::move(right));
        }
        for (const Leaf &leaf : leaves)
            answer(leaf);
        sortTree();
    }
    [[nodiscard]] BoostedTrees take() { return std::move(m_trees); }

private:
    void weigh()
    {
        for (std::size_t i = 0; i < m_residuals.size(); ++i) {
            const qint64 residual = m_residuals[i];
            qint64 weight = fullWeight;
            if (const qint64 from = robustFrom(); from > 0 && std::abs(residual) > from) {
                weight = std::max<qint64>(1, fullWeight * from / std::abs(residual));
            }
            m_weights[i] = qint32(weight);
            m_gradients[i] = residual * weight;
        }
    }
    [[nodiscard]] qint64 robustFrom() const
    {
        const qint64 first = m_options.robustFrom, trees = m_options.trees;
        const qint64 settling = std::max<qint64>(1, trees * 3 / 5);
        const qint64 left = std::max<qint64>(0, settling - qint64(m_trees.roots.size()));
        return first + first * (m_options.robustFactor - 1) * left / settling;
    }
    void drawColumns()
    {
        m_columns.clear();
        for (std::size_t axis = 0; axis < m_binned.axes.size(); ++axis)
            if (draw() & 1) m_columns.push_back(quint8(axis));
        if (m_columns.empty()) m_columns.push_back(0);
    }
    quint64 draw() // splitmix64
    {
        quint64 value = m_seed += 0x9e3779b97f4a7c15ULL;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
        return (value ^ (value >> 31)) >> 17;
    }
    int addNode()
    {
        m_trees.nodes.push_back({});
        m_trees.values.push_back(0);
        return int(m_trees.nodes.size()) - 1;
    }
    [[nodiscard]] const quint8 *bins(int place) const
    {
        return m_binned.row(m_rows[std::size_t(m_order[std::size_t(place)])]);
    }

    void count(Leaf &leaf) const
    {
        leaf.histogram.assign(m_columns.size() * binCount, {});
        for (int place = leaf.first; place < leaf.last; ++place) {
            const std::size_t row = std::size_t(m_order[std::size_t(place)]);
            const Cell one{m_gradients[row], m_weights[row], 1};
            leaf.sum += one;
            const quint8 *of = bins(place);
            Cell *cells = leaf.histogram.data();
            for (const quint8 column : m_columns) {
                cells[of[column]] += one;
                cells += binCount;
            }
        }
    }

    void findSplit(Leaf &leaf) const
    {
        leaf.gain = 0;
        if (leaf.depth >= m_options.depth || leaf.last - leaf.first < 2 * m_options.leastRows)
            return;
        const double whole = leaf.sum.score();
        const double least = whole * 1e-9 + 1; // against splits that only rounding likes
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            const Cell *cells = leaf.histogram.data() + column * binCount;
            const int borders = int(m_binned.axes[m_columns[column]].borders.size());
            Cell left;
            for (int bin = 0; bin < borders; ++bin) {
                if (cells[bin].rows == 0) continue;
                left += cells[bin];
                Cell right = leaf.sum;
                right -= left;
                if (left.rows < m_options.leastRows) continue;
                if (right.rows < m_options.leastRows) break;
                const double gain = left.score() + right.score() - whole;
                if (gain > leaf.gain && gain > least) {
                    leaf.gain = gain;
                    leaf.column = int(column);
                    leaf.bin = bin;
                }
            }
        }
    }

    /// `leaf` becomes its left child, `right` the other.
    void split(Leaf &leaf, Leaf &right)
    {
        const quint8 axis = m_columns[std::size_t(leaf.column)];
        const auto middle = std::stable_partition(
            m_order.begin() + leaf.first, m_order.begin() + leaf.last,
            [&](int row) { return m_binned.row(m_rows[std::size_t(row)])[axis] <= leaf.bin; });
        const int parent = leaf.node;
        leaf.node = addNode();
        right.node = addNode();
        m_trees.nodes[std::size_t(parent)] = {axis, quint8(leaf.bin), quint16(leaf.node - parent)};
        right.last = leaf.last;
        right.first = leaf.last = int(middle - m_order.begin());
        right.depth = ++leaf.depth;

        Histogram whole = std::move(leaf.histogram);
        const Cell sum = leaf.sum;
        const bool leftSmaller = leaf.last - leaf.first < right.last - right.first;
        Leaf &small = leftSmaller ? leaf : right;
        Leaf &large = leftSmaller ? right : leaf;
        small.sum = {};
        count(small);
        for (std::size_t i = 0; i < whole.size(); ++i)
            whole[i] -= small.histogram[i];
        large.histogram = std::move(whole);
        large.sum = sum;
        large.sum -= small.sum;
        findSplit(leaf);
        findSplit(right);
    }

    void answer(const Leaf &leaf)
    {
        const double mean = double(leaf.sum.gradient) / double(leaf.sum.weight + fullWeight);
        const auto value = qint32(std::floor(
            mean * double(m_options.rateNumerator) / double(m_options.rateDenominator) + 0.5));
        m_trees.values[std::size_t(leaf.node)] = value;
        for (int place = leaf.first; place < leaf.last; ++place)
            m_residuals[std::size_t(m_order[std::size_t(place)])] -= value;
    }

    /// Level by level, each split's children behind those of the splits before it.
    void sortTree()
    {
        using Trees = BoostedTrees;
        const std::size_t root = m_trees.roots.back();
        const std::vector<Trees::Node> nodes(m_trees.nodes.begin() + qsizetype(root),
                                             m_trees.nodes.end());
        const std::vector<qint32> values(m_trees.values.begin() + qsizetype(root),
                                         m_trees.values.end());
        std::vector<std::size_t> old{0};
        for (std::size_t place = 0; place < old.size(); ++place) {
            Trees::Node node = nodes[old[place]];
            m_trees.values[root + place] = values[old[place]];
            if (!node.isLeaf()) {
                const std::size_t child = old[place] + node.child;
                node.child = quint16(old.size() - place);
                old.insert(old.end(), {child, child + 1});
            }
            m_trees.nodes[root + place] = node;
        }
    }

    const BinnedRows &m_binned;
    const std::vector<int> &m_rows;
    const BoostingOptions &m_options;
    BoostedTrees m_trees;
    std::vector<int> m_order; ///< places in m_rows, those of a leaf side by side
    std::vector<qint32> m_residuals;
    std::vector<qint64> m_gradients;
    std::vector<qint32> m_weights;
    std::vector<quint8> m_columns; ///< axes that this tree may use
    quint64 m_seed = 1;
};

} // namespace

BinnedRows binned(const std::vector<TraitValues> &rows)
{
    BinnedRows result;
    for (int trait = 0; trait < traitCount; ++trait) {
        std::vector<double> values;
        values.reserve(rows.size());
        for (const TraitValues &row : rows)
            values.push_back(row[std::size_t(trait)]);
        std::vector<double> borders = bordersOf(std::move(values), trait % 2 == 1);
        if (!borders.empty()) result.axes.push_back({Trait(trait), std::move(borders)});
    }
    result.bins.reserve(rows.size() * result.axes.size());
    for (const TraitValues &row : rows)
        for (const BoostedAxis &axis : result.axes)
            result.bins.push_back(binOf(axis.borders, row[std::size_t(axis.trait)]));
    return result;
}

BoostedTrees fitTrees(const BinnedRows &binned, const std::vector<int> &rows,
                      const std::vector<qint32> &targets, const BoostingOptions &options,
                      const RunControl &control)
{
    if (rows.empty()) return {};
    Grower grower(binned, rows, targets, options);
    for (int tree = 0; tree < options.trees && !binned.axes.empty(); ++tree) {
        if (control.cancelled()) return {};
        grower.grow();
    }
    return grower.take();
}

} // namespace atomnet
