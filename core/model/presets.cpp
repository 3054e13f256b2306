#include "core/model/presets.h"

#include "core/model/design_file.h"
#include "core/model/resource.h"

#include <QJsonArray>

#include <algorithm>

namespace atomnet
{

namespace
{

std::optional<qint64> optionalInteger(const QJsonValue &value)
{
    if (value.isNull() || value.isUndefined()) return std::nullopt;
    return value.toInteger();
}

Preset readPreset(const QJsonObject &json)
{
    Preset preset;
    preset.id = json[QStringLiteral("id")].toString();
    const QString path = QStringLiteral("examples/%1.atomnet").arg(preset.id);
    const Result<DesignFile> design = readDesign(resource(path), path);
    Q_ASSERT_X(design, "presets", qPrintable(design.error().message()));
    if (design) preset.network = design->network;
    preset.reported.macs = optionalInteger(json[QStringLiteral("macs")]);
    preset.reported.sramBytes = json[QStringLiteral("sram_bytes")].toInteger();
    preset.reported.flashBytes = json[QStringLiteral("flash_bytes")].toInteger();
    const auto latencyMs = optionalInteger(json[QStringLiteral("latency_ms")]);
    if (latencyMs) preset.reported.latencyNs = *latencyMs * 1'000'000;
    Q_ASSERT(preset.reported.sramBytes > 0 && preset.reported.flashBytes > 0);
    return preset;
}

std::vector<Preset> readPresets()
{
    std::vector<Preset> all;
    const QJsonObject index = resourceObject(QStringLiteral("examples/index.json"));
    const QJsonArray entries = index[QStringLiteral("presets")].toArray();
    for (const QJsonValue &entry : entries)
        all.push_back(readPreset(entry.toObject()));
    Q_ASSERT(!all.empty());
    return all;
}

} // namespace

const std::vector<Preset> &presets()
{
    static const std::vector<Preset> all = readPresets();
    return all;
}

const Preset *presetById(const QString &id)
{
    const std::vector<Preset> &all = presets();
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const Preset &p) { return p.id == id; });
    return it == all.end() ? nullptr : &*it;
}

} // namespace atomnet
