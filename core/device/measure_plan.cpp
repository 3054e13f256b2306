#include "core/device/measure_plan.h"

#include "core/model/json_tree.h"

#include <QLocale>

#include <algorithm>
#include <tuple>

namespace atomnet
{

namespace
{

/// Any order of keys, the same everywhere.
auto orderOf(const AtomKey &k)
{
    return std::tuple(k.kind, k.inH, k.inW, k.inC, k.outH, k.outW, k.outC, k.kernelH, k.kernelW,
                      k.strideH, k.strideW, k.padT, k.padL, k.padB, k.padR, k.dilation, k.groups,
                      k.squeeze, k.act, k.type, k.weights, k.variant);
}

/// "key":[1,2,3]
QByteArray array(const char *key, std::initializer_list<qint64> values)
{
    QByteArray json = QByteArray("\"") + key + "\":[";
    const char *between = "";
    for (const qint64 value : values) {
        json += between + QByteArray::number(value);
        between = ",";
    }
    return json + ']';
}

/// What a key of atomnet-1 mostly has is left out.
QByteArray itemJson(const PlanItem &item)
{
    const AtomKey &k = item.key;
    const AtomKey usual;
    QByteArrayList parts{"\"kind\":" + jsonString(toString(k.kind)),
                         array("in", {k.inH, k.inW, k.inC}),
                         array("out", {k.outH, k.outW, k.outC})};
    if (k.kernelH != usual.kernelH || k.kernelW != usual.kernelW)
        parts << array("kernel", {k.kernelH, k.kernelW});
    if (k.strideH != usual.strideH || k.strideW != usual.strideW)
        parts << array("stride", {k.strideH, k.strideW});
    if (k.padT || k.padL || k.padB || k.padR)
        parts << array("pads", {k.padT, k.padL, k.padB, k.padR});
    const auto number = [&parts](const char *name, int value, int otherwise) {
        if (value != otherwise)
            parts << QByteArray("\"") + name + "\":" + QByteArray::number(value);
    };
    number("dilation", k.dilation, usual.dilation);
    number("groups", k.groups, usual.groups);
    number("squeeze", k.squeeze, usual.squeeze);
    if (k.act != KeyAct::None) parts << "\"act\":" + jsonString(toString(k.act));
    if (k.weights == WeightPlace::Ram) parts << QByteArray("\"weights\":\"ram\"");
    number("variant", k.variant, usual.variant);
    const OperatorPlace &place = item.place;
    parts << (place.inputs[1] < 0 ? array("inputs", {place.inputs[0]})
                                  : array("inputs", {place.inputs[0], place.inputs[1]}));
    number("output", int(place.output), 0);
    number("scratch", int(place.scratch), 0);
    if (item.weight != 0)
        parts << "\"weight\":" +
                     QByteArray::number(item.weight, 'g', QLocale::FloatingPointShortest);
    if (!item.layer.isEmpty()) parts << "\"layer\":" + jsonString(item.layer);
    return '{' + parts.join(',') + '}';
}

} // namespace

MeasurePlan sorted(MeasurePlan plan)
{
    std::vector<PlanItem> &items = plan.items;
    std::stable_sort(items.begin(), items.end(), [](const PlanItem &a, const PlanItem &b) {
        const auto ka = orderOf(a.key), kb = orderOf(b.key);
        return ka != kb ? ka < kb : a.weight > b.weight;
    });
    items.erase(std::unique(items.begin(), items.end(),
                            [](const PlanItem &a, const PlanItem &b) { return a.key == b.key; }),
                items.end());
    std::stable_sort(items.begin(), items.end(),
                     [](const PlanItem &a, const PlanItem &b) { return a.weight > b.weight; });
    return plan;
}

QByteArray writePlan(const MeasurePlan &plan)
{
    const QByteArray hash = QByteArray::number(plan.kernelHash, 16).rightJustified(8, '0');
    QByteArray json =
        "{\"format\":\"atomnet-plan\",\"version\":1,\"name\":" + jsonString(plan.name) +
        ",\"board\":" + jsonString(plan.board) + ",\"kernels\":\"" + hash + "\",\n \"items\":[";
    const char *between = "\n  ";
    for (const PlanItem &item : sorted(plan).items) {
        json += between + itemJson(item);
        between = ",\n  ";
    }
    return json + "]}\n";
}

} // namespace atomnet
