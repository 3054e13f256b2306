#include "core/model/design_file.h"
#include "core/model/json_object.h"
#include "core/search/space_options.h"

#include <QLocale>

#include <algorithm>

// The file of a space; described in core/search/README.md.
namespace atomnet
{

namespace
{

constexpr int spaceFileVersion = 1;
constexpr qint64 mostBytes = 16 * 1024 * 1024;

/// Reading one text of a space. What designs have too (blocks, heads) is read by their own readers,
/// each from a small text of its own; places in it are then moved to where it stands in this one.
class Reader
{
public:
    Reader(const QByteArray &bytes, const QString &fileName)
        : m_bytes(bytes), m_fileName(fileName), m_reading(bytes, fileName)
    {
    }

    Result<SearchSpace> read()
    {
        const auto root = parseJson(m_bytes);
        if (!root) {
            m_reading.fail(root.error().offset, root.error().what);
            return tl::make_unexpected(m_reading.error());
        }
        SearchSpace space = readSpace(*root);
        if (failed()) return tl::make_unexpected(error());
        return space;
    }

private:
    [[nodiscard]] bool failed() const { return m_borrowed || m_reading.failed(); }
    [[nodiscard]] const Error &error() const
    {
        return m_reading.failed() ? m_reading.error() : *m_borrowed;
    }

    /// Nobody would notice a misspelt key: the space would only be another one.
    void refuseUnknown(JsonObject &object, const JsonValue &json, const QString &name)
    {
        for (const UnknownKey &key : object.unknown())
            m_reading.fail(json.members[std::size_t(key.place)].begin,
                           QStringLiteral("%1 has no key \"%2\"; remove it or correct its spelling")
                               .arg(name, key.key.left(40)));
    }

    /// An error of a reader that saw `prefix` and the text of `value` behind it.
    void borrow(Error error, const JsonValue &value, qsizetype prefix)
    {
        if (failed()) return;
        const QStringList parts = error.where.split(QLatin1Char(':'));
        const QStringList begin = TextPlaces(m_bytes).at(value.begin).split(QLatin1Char(':'));
        int line = parts.value(parts.size() - 2).toInt();
        int column = parts.value(parts.size() - 1).toInt();
        const bool known = line > 0 && column > 0;
        if (line <= 1) column = std::max(1, column - int(prefix)) + begin[1].toInt() - 1;
        line = begin[0].toInt() + std::max(line, 1) - 1;
        error.where = QStringLiteral("%1:%2:%3")
                          .arg(m_fileName)
                          .arg(line)
                          .arg(known ? column : begin[1].toInt());
        m_borrowed = error;
    }

    std::vector<Block> blocks(const JsonValue &value)
    {
        const QByteArray prefix = R"({"format":"atomnet-blocks","version":1,"blocks":)";
        auto blocks = readBlocks(prefix + m_reading.text(value) + '}');
        if (blocks) return *std::move(blocks);
        borrow(blocks.error(), value, prefix.size());
        return {};
    }

    Head head(const JsonValue &value)
    {
        const QByteArray prefix =
            R"({"format":"atomnet-design","version":1,"name":"","input":{"height":8,"width":8,)"
            R"("channels":3},"stages":[],"head":)";
        auto design = readDesign(prefix + m_reading.text(value) + '}', m_fileName);
        if (design) return std::move(design->network.head);
        borrow(design.error(), value, prefix.size());
        return {};
    }

    std::optional<SqueezeExcite> se(const JsonValue &value)
    {
        if (value.kind == JsonValue::Kind::Null) return std::nullopt;
        const QByteArray prefix =
            R"({"format":"atomnet-blocks","version":1,"blocks":[{"type":"sep","out":8,"kernel":3,)"
            R"("se":)";
        auto blocks = readBlocks(prefix + m_reading.text(value) + "}]}");
        if (blocks) return blocks->at(0).se;
        borrow(blocks.error(), value, prefix.size());
        return std::nullopt;
    }

    /// The items of a list, each read as one member by `read(object, key)`.
    template <class T, class Read>
    void list(JsonObject &object, const char *key, std::vector<T> &values, bool required,
              const Read &read)
    {
        if (!required && !object.value(key)) return;
        values.clear();
        for (const JsonValue &item : object.array(key)) {
            if (failed()) return;
            values.push_back(read(item));
        }
    }
    /// Reads one value with the readers of an object's members.
    template <class Read>
    auto member(const char *key, const JsonValue &item, const Read &read)
    {
        JsonValue holder;
        holder.kind = JsonValue::Kind::Object;
        holder.begin = item.begin;
        holder.end = item.end;
        holder.members.push_back({QString::fromLatin1(key), item.begin, item});
        JsonObject object(m_reading, holder, QStringLiteral("the list"));
        return read(object, key);
    }
    void integers(JsonObject &object, const char *key, std::vector<int> &values, bool required)
    {
        list(object, key, values, required, [&](const JsonValue &item) {
            return member(key, item, [](JsonObject &o, const char *k) { return o.integer(k); });
        });
    }

    SpaceStage stage(const JsonValue &json)
    {
        const QString name = QStringLiteral("a stage of the space");
        JsonObject object(m_reading, json, name);
        SpaceStage stage;
        stage.name = object.string("name");
        if (object.value("fixed")) {
            list(object, "fixed", stage.fixed, true, [&](const JsonValue &item) {
                return Stage{{}, stage.name, blocks(item), {}};
            });
            if (!failed() && stage.fixed.empty())
                m_reading.fail(json.begin,
                               QStringLiteral("\"fixed\" is empty; give at least one list of "
                                              "blocks, or lists of choices instead"));
        } else {
            list(object, "types", stage.types, true, [&](const JsonValue &item) {
                return member("types", item,
                              [](JsonObject &o, const char *k) { return o.blockType(k); });
            });
            integers(object, "widths", stage.widths, true);
            integers(object, "depths", stage.depths, false);
            integers(object, "kernels", stage.kernels, false);
            list(object, "expands", stage.expands, false, [&](const JsonValue &item) {
                return member("expands", item,
                              [](JsonObject &o, const char *k) { return o.number(k, 1); });
            });
            list(object, "se", stage.se, false, [&](const JsonValue &item) { return se(item); });
            stage.stride = object.integer("stride", 1);
            stage.act = object.activation("act", Activation::HSwish);
        }
        refuseUnknown(object, json, name);
        if (!failed()) reportFault(json, findFault(stage));
        return stage;
    }

    Shape shape(const JsonValue &json)
    {
        const QString name = QStringLiteral("an input of the space");
        JsonObject object(m_reading, json, name);
        const Shape shape{object.integer("height"), object.integer("width"),
                          object.integer("channels")};
        refuseUnknown(object, json, name);
        return shape;
    }

    void readFormat(JsonObject &object)
    {
        const JsonValue *format = object.required("format");
        if (format && format->text != u"atomnet-space")
            m_reading.fail(
                format->begin,
                QStringLiteral("this is no space: \"format\" must be \"atomnet-space\""));
        const int version = m_reading.failed() ? spaceFileVersion : object.integer("version");
        if (m_reading.failed() || version == spaceFileVersion) return;
        const JsonValue *json = object.required("version");
        if (version < spaceFileVersion)
            m_reading.fail(json->begin,
                           QStringLiteral("there is no file version %1; this designer reads %2")
                               .arg(version)
                               .arg(spaceFileVersion));
        else
            m_reading.fail(json->begin,
                           QStringLiteral("this space was written by a newer AtomNet Designer "
                                          "(file version %1, this one reads %2); update the "
                                          "designer")
                               .arg(version)
                               .arg(spaceFileVersion),
                           ErrorCode::NewerFile);
    }

    SearchSpace readSpace(const JsonValue &root)
    {
        const QString name = QStringLiteral("the space");
        JsonObject object(m_reading, root, name);
        readFormat(object);
        SearchSpace space;
        if (failed()) return space;
        space.name = object.string("name");
        integers(object, "resolutions", space.resolutions, false);
        list(object, "inputs", space.inputs, false,
             [&](const JsonValue &item) { return shape(item); });
        space.channels = object.integer("channels", 3);
        for (const JsonValue &item : object.array("stages")) {
            if (failed()) return space;
            space.stages.push_back(stage(item));
        }
        if (const JsonValue *json = object.value("head")) space.head = head(*json);
        refuseUnknown(object, root, name);
        if (!failed()) reportFault(root, findFault(space));
        return space;
    }

    void reportFault(const JsonValue &json, const std::optional<SpaceFault> &fault)
    {
        if (!fault) return;
        const JsonValue *at = &json;
        if (const JsonMember *member = json.find(fault->key)) at = &member->value;
        if (fault->item >= 0 && fault->item < int(at->items.size()))
            at = &at->items[std::size_t(fault->item)];
        m_reading.fail(at->begin, fault->what);
    }

    const QByteArray &m_bytes;
    QString m_fileName;
    JsonReading m_reading;
    std::optional<Error> m_borrowed; ///< from a reader of designs
};

QByteArray text(int value)
{
    return QByteArray::number(value);
}

QByteArray text(double value)
{
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

QByteArray text(BlockType type)
{
    return jsonString(toString(type));
}

/// What stands behind a key in the text that a writer of designs gives, up to `tail`.
QByteArray valueIn(const QByteArray &json, const char *key, const QByteArray &tail)
{
    const QByteArray name = QByteArray("\"") + key + "\":";
    const qsizetype begin = json.indexOf(name) + name.size();
    return json.mid(begin, json.lastIndexOf(tail) - begin);
}

QByteArray text(const std::vector<Block> &blocks)
{
    return compactJson(valueIn(writeBlocks(blocks), "blocks", "}"));
}

QByteArray text(const Stage &stage)
{
    return text(stage.blocks);
}

QByteArray text(const std::optional<SqueezeExcite> &se)
{
    if (!se) return "null";
    Block block;
    block.se = se;
    return valueIn(writeBlocks({block}), "se", "}]}");
}

QByteArray text(const Shape &shape)
{
    return "{\"height\":" + text(shape.h) + ",\"width\":" + text(shape.w) +
           ",\"channels\":" + text(shape.c) + '}';
}

QByteArray text(const Head &head)
{
    Network network;
    network.head = head;
    return valueIn(writeDesign(network), "head", "}").trimmed();
}

template <class T>
QByteArray listOf(const std::vector<T> &values)
{
    QByteArray json = "[";
    for (const T &value : values)
        json += (json.size() > 1 ? "," : "") + text(value);
    return json + ']';
}

QByteArray text(const SpaceStage &stage)
{
    const QByteArray begin = "{\"name\":" + jsonString(stage.name);
    if (!stage.fixed.empty()) return begin + ",\"fixed\":" + listOf(stage.fixed) + '}';
    return begin + ",\"types\":" + listOf(stage.types) + ",\"widths\":" + listOf(stage.widths) +
           ",\"depths\":" + listOf(stage.depths) + ",\"kernels\":" + listOf(stage.kernels) +
           ",\"expands\":" + listOf(stage.expands) + ",\"se\":" + listOf(stage.se) +
           ",\"stride\":" + text(stage.stride) + ",\"act\":" + jsonString(toString(stage.act)) +
           '}';
}

} // namespace

Result<SearchSpace> readSpace(const QByteArray &bytes, const QString &fileName)
{
    if (bytes.size() > mostBytes)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("the file is larger than %1 MiB; no space is").arg(mostBytes >> 20),
            fileName);
    return Reader(bytes, fileName).read();
}

QByteArray writeSpace(const SearchSpace &space)
{
    QByteArray json = "{\"format\":\"atomnet-space\",\"version\":" + text(spaceFileVersion) +
                      ",\"name\":" + jsonString(space.name);
    if (!space.resolutions.empty()) json += ",\n \"resolutions\":" + listOf(space.resolutions);
    if (!space.inputs.empty()) json += ",\n \"inputs\":" + listOf(space.inputs);
    json += ",\n \"channels\":" + text(space.channels) + ",\n \"stages\":[";
    for (std::size_t s = 0; s < space.stages.size(); ++s)
        json += (s > 0 ? ",\n  " : "") + text(space.stages[s]);
    return json + "],\n \"head\":" + text(space.head) + "}\n";
}

} // namespace atomnet
