#include "core/analysis/prediction/boosted_json.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QLocale>

#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr double anyNumber = std::numeric_limits<double>::max();
constexpr int mostNodes = 2 * BoostedTrees::mostLeaves - 1;
constexpr int mostLevels = 1000;
constexpr qint64 binsOfAnAxis = BoostedAxis::mostBorders + 1;

QByteArray number(double value)
{
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

QByteArray quoted(Trait trait)
{
    return '"' + toString(trait).toLatin1() + '"'; // names are plain letters
}

qint64 codeOf(const BoostedTrees::Node &node, qint32 value)
{
    if (!node.isLeaf()) return 2 * (binsOfAnAxis * node.axis + node.bin);
    return 2 * qint64(value) + 1;
}

QByteArray write(const std::vector<BoostedAxis> &axes)
{
    QByteArray out = "[";
    for (std::size_t i = 0; i < axes.size(); ++i) {
        out += (i ? ",\n          [" : "\n          [") + quoted(axes[i].trait);
        for (const double border : axes[i].borders)
            out += "," + number(border);
        out += "]";
    }
    return out + "]";
}

QByteArray write(const BoostedTrees &trees)
{
    QByteArray out = "{\"base\": " + QByteArray::number(trees.base) + ", \"trees\": [";
    for (std::size_t tree = 0; tree < trees.roots.size(); ++tree) {
        const std::size_t first = trees.roots[tree];
        const std::size_t last =
            tree + 1 < trees.roots.size() ? trees.roots[tree + 1] : trees.nodes.size();
        out += tree ? ",\n          [" : "\n          [";
        for (std::size_t node = first; node < last; ++node)
            out += (node > first ? "," : "") +
                   QByteArray::number(codeOf(trees.nodes[node], trees.values[node]));
        out += "]";
    }
    return out + "]}";
}

/// Reads numbers and lists, and remembers what was wrong first.
class Reader
{
public:
    double real(const QJsonValue &value, double least, double most, const char *what)
    {
        const double result = value.toDouble(std::numeric_limits<double>::quiet_NaN());
        if (result >= least && result <= most) return result; // never for NaN
        wrong(what);
        return least;
    }
    qint64 integer(const QJsonValue &value, double least, double most, const char *what)
    {
        const double result = real(value, least, most, what);
        if (std::floor(result) != result) wrong(what);
        return qint64(result);
    }
    QJsonArray list(const QJsonValue &value, qsizetype least, qsizetype most, const char *what)
    {
        const QJsonArray result = value.toArray();
        if (value.isArray() && result.size() >= least && result.size() <= most) return result;
        wrong(what);
        return {};
    }
    Trait trait(const QJsonValue &value)
    {
        const std::optional<Trait> found = traitFrom(value.toString());
        if (!found) wrong("a trait must be one that this version knows");
        return found.value_or(Trait::InChannels);
    }
    void wrong(const char *what)
    {
        if (m_error.isEmpty()) m_error = QLatin1String(what);
    }
    [[nodiscard]] const QString &error() const { return m_error; }

private:
    QString m_error;
};

std::vector<BoostedAxis> readAxes(const QJsonValue &json, Reader &reader)
{
    std::vector<BoostedAxis> axes;
    for (const QJsonValue &value :
         reader.list(json, 0, traitCount, "\"axes\" must be a short list")) {
        const QJsonArray entries = reader.list(value, 2, 1 + BoostedAxis::mostBorders,
                                               "an axis must be a trait and its borders");
        BoostedAxis axis;
        axis.trait = reader.trait(entries.at(0));
        for (qsizetype i = 1; i < entries.size(); ++i) {
            const double border =
                reader.real(entries.at(i), 0, anyNumber, "a border must be a number from 0");
            if (!axis.borders.empty() && border <= axis.borders.back())
                reader.wrong("borders must ascend");
            axis.borders.push_back(border);
        }
        for (const BoostedAxis &other : axes)
            if (other.trait == axis.trait) reader.wrong("a trait has two axes");
        axes.push_back(std::move(axis));
    }
    return axes;
}

void readTree(BoostedTrees &trees, const std::vector<BoostedAxis> &axes, const QJsonArray &codes,
              Reader &reader)
{
    trees.roots.push_back(quint32(trees.nodes.size()));
    qsizetype taken = 1; // nodes that are the root or a split's child
    for (qsizetype i = 0; i < codes.size(); ++i) {
        const double most = 2.0 * BoostedTrees::largestValue + 1;
        const qint64 code =
            reader.integer(codes[i], -most, most, "a node must be a whole number in range");
        BoostedTrees::Node node;
        qint64 value = 0;
        if (code % 2 == 0) {
            const qint64 axis = code / 2 / binsOfAnAxis, bin = code / 2 % binsOfAnAxis;
            if (code < 0 || axis >= qint64(axes.size()) ||
                bin >= qint64(axes[std::size_t(axis)].borders.size())) {
                reader.wrong("a split must name one of the axes and one of its borders");
                return;
            }
            node = {quint8(axis), quint8(bin), quint16(taken - i)};
            taken += 2;
        } else {
            value = (code - 1) / 2;
        }
        trees.nodes.push_back(node);
        trees.values.push_back(qint32(value));
        if (i + 1 == taken && i + 1 < codes.size()) break; // complete, but more follows
    }
    if (taken != codes.size()) reader.wrong("a tree must have all children of its splits");
}

BoostedTrees readTrees(const QJsonValue &json, const std::vector<BoostedAxis> &axes, Reader &reader)
{
    BoostedTrees trees;
    if (!json.isObject()) reader.wrong("\"correction\" and \"difficulty\" must be objects");
    const QJsonObject object = json.toObject();
    constexpr double largest = BoostedTrees::largestValue;
    trees.base = qint32(reader.integer(object.value(QLatin1String("base")), -largest, largest,
                                       "\"base\" must be a whole number in range"));
    if (!reader.error().isEmpty()) return trees;
    for (const QJsonValue &tree :
         reader.list(object.value(QLatin1String("trees")), 0, BoostedTrees::mostTrees,
                     "\"trees\" must be a list of the right length")) {
        readTree(trees, axes, reader.list(tree, 1, mostNodes, "a tree must be a list of its nodes"),
                 reader);
        if (!reader.error().isEmpty()) return trees;
    }
    return trees;
}

} // namespace

QByteArray writeBoosted(const BoostedKind &kind)
{
    QByteArray out = "{\"linear_half_width_90\": " + number(kind.linearHalfWidth90);
    out += ",\n        \"ranges\": [";
    for (std::size_t i = 0; i < kind.ranges.size(); ++i)
        out += (i ? ", [" : "[") + quoted(kind.ranges[i].trait) + "," +
               number(kind.ranges[i].least) + "," + number(kind.ranges[i].most) + "]";
    out += "],\n        \"levels\": [";
    for (std::size_t i = 0; i < kind.levels.size(); ++i)
        out += (i ? ",[" : "[") + QByteArray::number(kind.levels[i].from) + "," +
               number(kind.levels[i].halfWidth90) + "]";
    out += "],\n        \"axes\": " + write(kind.axes);
    out += ",\n        \"correction\": " + write(kind.correction);
    out += ",\n        \"difficulty\": " + write(kind.difficulty);
    return out + "}";
}

Result<BoostedKind> readBoosted(const QJsonValue &json)
{
    Reader reader;
    if (!json.isObject()) reader.wrong("\"boosted\" must be an object");
    const QJsonObject object = json.toObject();
    constexpr double widest = 1e6;
    BoostedKind kind;
    kind.linearHalfWidth90 =
        reader.real(object.value(QLatin1String("linear_half_width_90")), 0, widest,
                    "\"linear_half_width_90\" must be a number in range");
    for (const QJsonValue &value : reader.list(object.value(QLatin1String("ranges")), 0, traitCount,
                                               "\"ranges\" must be a short list")) {
        const QJsonArray entries =
            reader.list(value, 3, 3, "a range must be a trait, its least and its most");
        BoostedKind::Range range;
        range.trait = reader.trait(entries.at(0));
        range.least = reader.real(entries.at(1), 0, anyNumber, "a range's least must be a number");
        range.most = reader.real(entries.at(2), range.least, anyNumber,
                                 "a range's most must be a number above its least");
        kind.ranges.push_back(range);
    }
    for (const QJsonValue &value : reader.list(object.value(QLatin1String("levels")), 1, mostLevels,
                                               "\"levels\" must be a list of the right length")) {
        const QJsonArray entries = reader.list(value, 2, 2, "a level must be two numbers");
        constexpr double largest = BoostedTrees::largestValue;
        BoostedKind::Level level;
        level.from = qint32(reader.integer(entries.at(0), -largest, largest,
                                           "a level must begin at a whole number in range"));
        level.halfWidth90 =
            reader.real(entries.at(1), 0, widest, "a level's width must be a number in range");
        if (!kind.levels.empty() && level.from <= kind.levels.back().from)
            reader.wrong("levels must ascend");
        kind.levels.push_back(level);
    }
    kind.axes = readAxes(object.value(QLatin1String("axes")), reader);
    kind.correction = readTrees(object.value(QLatin1String("correction")), kind.axes, reader);
    kind.difficulty = readTrees(object.value(QLatin1String("difficulty")), kind.axes, reader);
    if (!reader.error().isEmpty()) return fail(ErrorCode::BadInput, reader.error());
    return kind;
}

} // namespace atomnet
