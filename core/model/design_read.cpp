#include "core/model/design_file.h"

#include "core/model/json_object.h"
#include "core/model/unknown_keys.h"
#include "core/model/validate.h"

#include <cmath>

namespace atomnet
{

namespace
{

SqueezeExcite readSe(JsonReading &reading, const JsonValue &json)
{
    JsonObject object(reading, json, QStringLiteral("\"se\""));
    SqueezeExcite se;
    if (object.value("channels")) se.channels = object.integer("channels");
    se.reduction = object.integer("reduction", se.reduction);
    se.act = object.activation("act", se.act);
    se.gate = object.activation("gate", se.gate);
    se.unknown = object.unknown();
    settlePlaces(se.unknown, writtenKeys(se));
    return se;
}

Block readBlock(JsonReading &reading, const JsonValue &json)
{
    JsonObject object(reading, json, QStringLiteral("a block"));
    Block block;
    block.type = object.blockType("type");
    block.out = object.integer("out");
    block.kernel = object.integer("kernel");
    block.stride = object.integer("stride", 1);
    const JsonValue *expand = object.value("expand");
    if (expand && !hasExpand(block.type)) {
        reading.fail(
            expand->begin,
            QStringLiteral("a %1 block has no \"expand\"; remove it or use convnext or mbconv")
                .arg(toString(block.type)));
    }
    block.expand = object.number("expand", 1);
    block.act = object.activation("act", Activation::None);
    const JsonValue *se = object.value("se");
    if (se && se->kind != JsonValue::Kind::Null) block.se = readSe(reading, *se);
    block.repeat = object.integer("repeat", 1);
    block.locked = object.boolean("locked", false);
    block.unknown = object.unknown();
    settlePlaces(block.unknown, writtenKeys(block));
    return block;
}

std::vector<Block> readBlockArray(JsonReading &reading, const std::vector<JsonValue> &items)
{
    std::vector<Block> blocks;
    blocks.reserve(items.size());
    for (const JsonValue &item : items) {
        if (reading.failed()) break;
        blocks.push_back(readBlock(reading, item));
    }
    return blocks;
}

Stage readStage(JsonReading &reading, const JsonValue &json)
{
    JsonObject object(reading, json, QStringLiteral("a stage"));
    Stage stage;
    stage.name = object.string("name");
    stage.blocks = readBlockArray(reading, object.array("blocks"));
    stage.locked = object.boolean("locked", false);
    stage.unknown = object.unknown();
    settlePlaces(stage.unknown, writtenKeys(stage));
    return stage;
}

std::optional<HeadLayer> readHeadLayer(JsonReading &reading, const JsonValue *json,
                                       const QString &name)
{
    if (!json || json->kind == JsonValue::Kind::Null) return std::nullopt;
    JsonObject object(reading, *json, name);
    HeadLayer layer;
    layer.out = object.integer("out");
    layer.act = object.activation("act", Activation::None);
    layer.unknown = object.unknown();
    settlePlaces(layer.unknown, headLayerKeys);
    return layer;
}

Head readHead(JsonReading &reading, const JsonValue &json)
{
    JsonObject object(reading, json, QStringLiteral("\"head\""));
    Head head;
    head.conv = readHeadLayer(reading, object.value("conv"), QStringLiteral("the head's \"conv\""));
    const JsonValue *pool = object.value("pool");
    if (pool && (pool->kind != JsonValue::Kind::String || pool->text != QLatin1String("avg")))
        reading.fail(pool->begin,
                     QStringLiteral("\"pool\" must be \"avg\"; there is no other yet"));
    head.hidden =
        readHeadLayer(reading, object.value("hidden"), QStringLiteral("the head's \"hidden\""));
    head.classes = object.integer("classes");
    head.unknown = object.unknown();
    settlePlaces(head.unknown, headKeys);
    return head;
}

/// "format" and "version": whether the rest can be read at all.
void readFormat(JsonReading &reading, JsonObject &object, const QString &format,
                const QString &what)
{
    const JsonValue *found = object.required("format");
    if (found && (found->kind != JsonValue::Kind::String || found->text != format)) {
        reading.fail(found->begin,
                     QStringLiteral("this is no %1: \"format\" must be \"%2\"").arg(what, format));
    }
    const int version = reading.failed() ? designFileVersion : object.integer("version");
    if (reading.failed() || version == designFileVersion) return;
    const JsonValue *json = object.required("version");
    if (version < designFileVersion) {
        reading.fail(json->begin,
                     QStringLiteral("there is no file version %1; this designer reads %2")
                         .arg(version)
                         .arg(designFileVersion));
        return;
    }
    reading.fail(
        json->begin,
        QStringLiteral(
            "this %1 was written by a newer AtomNet Designer (file version %2, this one reads "
            "%3); update the designer")
            .arg(what)
            .arg(version)
            .arg(designFileVersion),
        ErrorCode::NewerFile);
}

Network readNetwork(JsonReading &reading, const JsonValue &root)
{
    JsonObject object(reading, root, QStringLiteral("the design"));
    readFormat(reading, object, QStringLiteral("atomnet-design"), QStringLiteral("design"));
    Network network;
    if (reading.failed()) return network;
    network.name = object.string("name");
    if (const JsonValue *json = object.required("input")) {
        JsonObject input(reading, *json, QStringLiteral("\"input\""));
        network.input = {input.integer("height"), input.integer("width"),
                         input.integer("channels")};
        network.inputLocked = input.boolean("locked", false);
        network.inputUnknown = input.unknown();
        settlePlaces(network.inputUnknown, writtenInputKeys(network));
    }
    for (const JsonValue &item : object.array("stages")) {
        if (reading.failed()) return network;
        network.stages.push_back(readStage(reading, item));
    }
    if (const JsonValue *json = object.required("head")) network.head = readHead(reading, *json);
    network.unknown = object.unknown();
    settlePlaces(network.unknown, designKeys);
    return network;
}

/// Goes down the fault's keys as far as they are written in the text.
qsizetype placeOfKey(const JsonValue &json, const char *keys)
{
    const JsonValue *at = &json;
    for (const QString &key : QString::fromLatin1(keys).split(QLatin1Char('.'))) {
        const JsonMember *member = at->find(key);
        if (!member) break;
        at = &member->value;
    }
    return at->begin;
}

const JsonValue &item(const JsonValue &json, const char *key, int index)
{
    return json.find(key)->value.items[size_t(index)];
}

qsizetype placeOf(const JsonValue &root, const Fault &fault)
{
    const JsonValue *at = &root;
    if (fault.stage >= 0) at = &item(root, "stages", fault.stage);
    if (fault.block >= 0) at = &item(*at, "blocks", fault.block);
    return placeOfKey(*at, fault.key);
}

} // namespace

Result<DesignFile> readDesign(const QByteArray &bytes, const QString &fileName)
{
    if (bytes.size() > maxDesignFileBytes) {
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the file is larger than %1 MiB; no design is")
                        .arg(maxDesignFileBytes >> 20),
                    fileName);
    }
    JsonReading reading(bytes, fileName);
    const auto root = parseJson(bytes);
    if (!root) {
        reading.fail(root.error().offset, root.error().what);
        return tl::make_unexpected(reading.error());
    }
    DesignFile design;
    design.network = readNetwork(reading, *root);
    if (!reading.failed()) {
        if (const auto fault = findFault(design.network))
            reading.fail(placeOf(*root, *fault), fault->what);
    }
    if (reading.failed()) return tl::make_unexpected(reading.error());
    design.notes = reading.notes();
    assignIds(design.network);
    return design;
}

Result<std::vector<Block>> readBlocks(const QByteArray &bytes)
{
    const QString name = QStringLiteral("clipboard");
    if (bytes.size() > maxDesignFileBytes)
        return fail(ErrorCode::BadInput, QStringLiteral("the text is too long for blocks"), name);
    JsonReading reading(bytes, name);
    const auto root = parseJson(bytes);
    if (!root) {
        reading.fail(root.error().offset, root.error().what);
        return tl::make_unexpected(reading.error());
    }
    JsonObject object(reading, *root, QStringLiteral("the fragment"));
    readFormat(reading, object, QStringLiteral("atomnet-blocks"),
               QStringLiteral("fragment of blocks"));
    std::vector<Block> blocks;
    if (!reading.failed()) blocks = readBlockArray(reading, object.array("blocks"));
    for (size_t b = 0; b < blocks.size() && !reading.failed(); ++b) {
        if (const auto fault = findFault(blocks[b]))
            reading.fail(placeOfKey(item(*root, "blocks", int(b)), fault->key), fault->what);
    }
    if (reading.failed()) return tl::make_unexpected(reading.error());
    return blocks;
}

} // namespace atomnet
