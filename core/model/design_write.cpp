#include "core/model/design_file.h"

#include "core/model/json_tree.h"
#include "core/model/unknown_keys.h"

#include <QLocale>

namespace atomnet
{

namespace
{

struct Member {
    QString key;
    QByteArray json;
    QByteArray before = {}; ///< white space ahead of the key
};
using Members = std::vector<Member>;

QByteArray text(const QString &value)
{
    return jsonString(value);
}

QByteArray number(int value)
{
    return QByteArray::number(value);
}

/// Shortest spelling that reads back as the same double.
QByteArray number(double value)
{
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

QByteArray object(Members members, UnknownKeys unknown)
{
    settlePlaces(unknown, int(members.size()));
    for (const UnknownKey &key : unknown)
        members.insert(members.begin() + key.place, {key.key, key.json});
    QByteArray json = "{";
    for (size_t i = 0; i < members.size(); ++i) {
        if (i > 0) json += ',';
        json += members[i].before + jsonString(members[i].key) + ':' + members[i].json;
    }
    return json + '}';
}

QByteArray array(const std::vector<QByteArray> &items, const QByteArray &separator)
{
    QByteArray json = "[";
    for (size_t i = 0; i < items.size(); ++i) {
        if (i > 0) json += separator;
        json += items[i];
    }
    return json + ']';
}

/// An open padlock is not written: files without any stay as they were.
void addLock(Members &members, bool locked)
{
    if (locked) members.push_back({QStringLiteral("locked"), "true"});
}

QByteArray write(const SqueezeExcite &se)
{
    Members members;
    if (se.channels) members.push_back({QStringLiteral("channels"), number(*se.channels)});
    if (!se.channels || se.reduction != SqueezeExcite{}.reduction)
        members.push_back({QStringLiteral("reduction"), number(se.reduction)});
    members.push_back({QStringLiteral("act"), text(toString(se.act))});
    members.push_back({QStringLiteral("gate"), text(toString(se.gate))});
    Q_ASSERT(int(members.size()) == writtenKeys(se));
    return object(std::move(members), se.unknown);
}

QByteArray write(const Block &block)
{
    Members members{{QStringLiteral("type"), text(toString(block.type))},
                    {QStringLiteral("out"), number(block.out)},
                    {QStringLiteral("kernel"), number(block.kernel)},
                    {QStringLiteral("stride"), number(block.stride)}};
    if (hasExpand(block.type)) members.push_back({QStringLiteral("expand"), number(block.expand)});
    members.push_back({QStringLiteral("act"), text(toString(block.act))});
    if (block.se) members.push_back({QStringLiteral("se"), write(*block.se)});
    if (block.repeat != 1) members.push_back({QStringLiteral("repeat"), number(block.repeat)});
    addLock(members, block.locked);
    Q_ASSERT(int(members.size()) == writtenKeys(block));
    return object(std::move(members), block.unknown);
}

QByteArray write(const std::vector<Block> &blocks, const QByteArray &separator)
{
    std::vector<QByteArray> items;
    items.reserve(blocks.size());
    for (const Block &block : blocks)
        items.push_back(write(block));
    return array(items, separator);
}

QByteArray write(const Stage &stage)
{
    Members members{{QStringLiteral("name"), text(stage.name)},
                    {QStringLiteral("blocks"), write(stage.blocks, ",\n    ")}};
    addLock(members, stage.locked);
    Q_ASSERT(int(members.size()) == writtenKeys(stage));
    return object(std::move(members), stage.unknown);
}

QByteArray write(const std::optional<HeadLayer> &layer)
{
    if (!layer) return "null";
    return object({{QStringLiteral("out"), number(layer->out)},
                   {QStringLiteral("act"), text(toString(layer->act))}},
                  layer->unknown);
}

QByteArray write(const Head &head)
{
    return object({{QStringLiteral("conv"), write(head.conv)},
                   {QStringLiteral("pool"), "\"avg\""},
                   {QStringLiteral("hidden"), write(head.hidden)},
                   {QStringLiteral("classes"), number(head.classes)}},
                  head.unknown);
}

} // namespace

QByteArray writeDesign(const Network &network)
{
    Members size{{QStringLiteral("height"), number(network.input.h)},
                 {QStringLiteral("width"), number(network.input.w)},
                 {QStringLiteral("channels"), number(network.input.c)}};
    addLock(size, network.inputLocked);
    const QByteArray input = object(std::move(size), network.inputUnknown);
    std::vector<QByteArray> stages;
    stages.reserve(network.stages.size());
    for (const Stage &stage : network.stages)
        stages.push_back(write(stage));
    const QByteArray newLine = "\n ";
    return object({{QStringLiteral("format"), "\"atomnet-design\""},
                   {QStringLiteral("version"), number(designFileVersion)},
                   {QStringLiteral("name"), text(network.name)},
                   {QStringLiteral("input"), input, newLine},
                   {QStringLiteral("stages"), array(stages, ",\n  "), newLine},
                   {QStringLiteral("head"), write(network.head), newLine}},
                  network.unknown) +
           '\n';
}

QByteArray writeBlocks(const std::vector<Block> &blocks)
{
    return object({{QStringLiteral("format"), "\"atomnet-blocks\""},
                   {QStringLiteral("version"), number(designFileVersion)},
                   {QStringLiteral("blocks"), write(blocks, ",\n ")}},
                  {}) +
           '\n';
}

} // namespace atomnet
