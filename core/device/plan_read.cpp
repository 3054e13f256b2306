#include "core/device/measure_plan.h"
#include "core/device/operator_shape.h"
#include "core/model/json_object.h"

#include <limits>

// From the bytes of a plan file to a plan; measure_plan.cpp writes them.
namespace atomnet
{

namespace
{

constexpr qint64 maxPlanBytes = 64 * 1024 * 1024;
constexpr int planVersion = 1;

/// Reads one item's members; what is absent keeps the value it has.
class ItemReader
{
public:
    ItemReader(JsonReading &reading, const JsonValue &json)
        : m_reading(reading), m_json(json), m_object(reading, json, QStringLiteral("an item"))
    {
    }

    PlanItem read()
    {
        PlanItem item;
        AtomKey &key = item.key;
        key.kind = named<AtomKind>("kind", atomKindFrom, std::nullopt);
        numbers("in", {&key.inH, &key.inW, &key.inC}, true);
        numbers("out", {&key.outH, &key.outW, &key.outC}, true);
        numbers("kernel", {&key.kernelH, &key.kernelW});
        numbers("stride", {&key.strideH, &key.strideW});
        numbers("pads", {&key.padT, &key.padL, &key.padB, &key.padR});
        key.dilation = small("dilation", key.dilation);
        key.groups = m_object.integer("groups", key.groups);
        key.squeeze = m_object.integer("squeeze", key.squeeze);
        key.act = named<KeyAct>("act", keyActFrom, KeyAct::None);
        key.weights = named<WeightPlace>("weights", placeFrom, WeightPlace::Flash);
        key.variant = small("variant", key.variant);
        const JsonValue *inputs = m_object.value("inputs");
        if (inputs && inputs->kind == JsonValue::Kind::Array && inputs->items.size() == 1)
            numbers("inputs", {&item.place.inputs[0]}, true);
        else
            numbers("inputs", {&item.place.inputs[0], &item.place.inputs[1]}, true);
        item.place.output = m_object.integer("output", 0);
        item.place.scratch = m_object.integer("scratch", 0);
        item.weight = m_object.number("weight", 0);
        if (m_object.value("layer")) item.layer = m_object.string("layer");
        check(item);
        return item;
    }

private:
    template <class T, class From>
    T named(const char *name, From from, std::optional<T> fallback)
    {
        const JsonValue *found = fallback ? m_object.value(name) : m_object.required(name);
        if (!found) return fallback.value_or(T());
        if (found->kind == JsonValue::Kind::String)
            if (const std::optional<T> value = from(found->text)) return *value;
        m_reading.fail(
            found->begin,
            QStringLiteral("\"%1\" is none that AtomDB knows").arg(QString::fromLatin1(name)));
        return fallback.value_or(T());
    }

    static std::optional<WeightPlace> placeFrom(QStringView text)
    {
        if (text == u"flash") return WeightPlace::Flash;
        if (text == u"ram") return WeightPlace::Ram;
        return std::nullopt;
    }

    quint16 small(const char *name, int fallback)
    {
        const int value = m_object.integer(name, fallback);
        if (value >= 0 && value <= std::numeric_limits<quint16>::max()) return quint16(value);
        m_reading.fail(m_object.value(name)->begin,
                       QStringLiteral("\"%1\" must lie between 0 and 65535, not %2")
                           .arg(QString::fromLatin1(name))
                           .arg(value));
        return 0;
    }

    /// An array of as many whole numbers, each within its field.
    template <class T>
    void numbers(const char *name, std::initializer_list<T *> fields, bool needed = false)
    {
        const JsonValue *found = needed ? m_object.required(name) : m_object.value(name);
        if (!found) return;
        if (found->kind != JsonValue::Kind::Array || found->items.size() != fields.size()) {
            m_reading.fail(found->begin,
                           QStringLiteral("\"%1\" must be an array of %2 whole numbers")
                               .arg(QString::fromLatin1(name))
                               .arg(fields.size()));
            return;
        }
        constexpr qint64 most =
            std::min<qint64>(std::numeric_limits<T>::max(), std::numeric_limits<qint32>::max());
        std::size_t i = 0;
        for (T *field : fields) {
            const JsonValue &item = found->items[i++];
            bool whole = item.kind == JsonValue::Kind::Number;
            const qint64 value = whole ? m_reading.text(item).toLongLong(&whole) : 0;
            if (!whole || value < 0 || value > most) {
                m_reading.fail(item.begin,
                               QStringLiteral("\"%1\" must hold whole numbers from 0 to %2")
                                   .arg(QString::fromLatin1(name))
                                   .arg(most));
                return;
            }
            *field = T(value);
        }
    }

    /// What can be said without a board: so that a plan that was read can be measured.
    void check(const PlanItem &item)
    {
        if (m_reading.failed()) return;
        if (!(item.weight >= 0))
            m_reading.fail(m_json.begin, QStringLiteral("\"weight\" must not be below 0"));
        else if (const auto op = operatorRequest(item.key, item.place); !op)
            m_reading.fail(m_json.begin, op.error().message());
    }

    JsonReading &m_reading;
    const JsonValue &m_json;
    JsonObject m_object;
};

void readFormat(JsonReading &reading, JsonObject &object)
{
    const JsonValue *format = object.required("format");
    if (format && (format->kind != JsonValue::Kind::String || format->text != u"atomnet-plan"))
        reading.fail(
            format->begin,
            QStringLiteral("this is no measuring plan: \"format\" must be \"atomnet-plan\""));
    const int version = reading.failed() ? planVersion : object.integer("version");
    if (reading.failed() || version == planVersion) return;
    const bool newer = version > planVersion;
    reading.fail(object.value("version")->begin,
                 newer ? QStringLiteral("this plan was written by a newer AtomNet Designer (file "
                                        "version %1, this one reads %2); update the designer")
                             .arg(version)
                             .arg(planVersion)
                       : QStringLiteral("there is no file version %1; this designer reads %2")
                             .arg(version)
                             .arg(planVersion),
                 newer ? ErrorCode::NewerFile : ErrorCode::BadInput);
}

quint32 readHash(JsonReading &reading, JsonObject &object)
{
    const JsonValue *found = object.required("kernels");
    if (!found) return 0;
    bool hex = found->kind == JsonValue::Kind::String && found->text.size() == 8;
    const quint32 hash = hex ? found->text.toUInt(&hex, 16) : 0;
    if (!hex)
        reading.fail(found->begin, QStringLiteral("\"kernels\" must be a string of 8 hex digits"));
    return hash;
}

} // namespace

Result<MeasurePlan> readPlan(const QByteArray &json, const QString &fileName)
{
    if (json.size() > maxPlanBytes)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("the file is larger than %1 MiB; no plan is").arg(maxPlanBytes >> 20),
            fileName);
    JsonReading reading(json, fileName);
    const auto root = parseJson(json);
    if (!root) {
        reading.fail(root.error().offset, root.error().what);
        return tl::make_unexpected(reading.error());
    }
    JsonObject object(reading, *root, QStringLiteral("the plan"));
    readFormat(reading, object);
    MeasurePlan plan;
    if (!reading.failed()) {
        plan.name = object.string("name");
        plan.board = object.string("board");
        plan.kernelHash = readHash(reading, object);
        for (const JsonValue &item : object.array("items")) {
            if (reading.failed()) break;
            plan.items.push_back(ItemReader(reading, item).read());
        }
    }
    if (reading.failed()) return tl::make_unexpected(reading.error());
    return sorted(std::move(plan));
}

} // namespace atomnet
