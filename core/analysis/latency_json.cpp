#include "core/analysis/latency_model.h"
#include "core/analysis/prediction/boosted_json.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

static void initLatencyModels()
{
    // In a static library the linker drops resources that nothing names.
    Q_INIT_RESOURCE(atomnet_latency_models);
}

namespace atomnet
{

namespace
{

constexpr auto formatName = "atomnet-latency-model";
constexpr int formatVersion = 2; // 1 had neither "boosted" nor "kernel_ratios"
constexpr qsizetype maxFileBytes = 8 << 20;

QByteArray text(const QString &value)
{
    // QJsonDocument knows the escapes; it writes ["..."].
    const QByteArray array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return array.mid(1, array.size() - 2);
}

QByteArray number(double value)
{
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

QByteArray write(const KindModel &model)
{
    QByteArray out = "    {\"kind\": " + text(toString(model.kind));
    if (model.derivedFrom) out += ", \"derived_from\": " + text(toString(*model.derivedFrom));
    out += ", \"operators\": " + QByteArray::number(model.keys);
    out += ",\n     \"cv_mean_error\": " + number(model.cvMeanError);
    out += ", \"cv_median_error\": " + number(model.cvMedianError);
    out += ", \"half_width_90\": " + number(model.halfWidth90);
    out += ",\n     \"kernels\": [";
    for (std::size_t i = 0; i < model.kernels.size(); ++i)
        out += (i ? ", " : "") + QByteArray::number(model.kernels[i]);
    out += "], \"bands\": [";
    for (std::size_t i = 0; i < model.bands.size(); ++i)
        out += (i ? ", " : "") +
               ("{\"from_pixels\": " + QByteArray::number(model.bands[i].fromPixels)) +
               ", \"half_width_90\": " + number(model.bands[i].halfWidth90) + "}";
    out += "],\n     \"terms\": [";
    for (std::size_t i = 0; i < model.features.size(); ++i)
        out += (i ? "," : "") + ("\n       {\"feature\": " + text(toString(model.features[i]))) +
               ", \"coefficient\": " + number(model.coefficients[i]) +
               ", \"min\": " + number(model.featureMin[i]) +
               ", \"max\": " + number(model.featureMax[i]) + "}";
    out += "\n     ]";
    if (model.boosted) out += ",\n     \"boosted\": " + writeBoosted(*model.boosted);
    return out + "}";
}

QByteArray write(const KernelRatio &ratio)
{
    return "{\"kind\": " + text(toString(ratio.kind)) +
           ", \"kernel\": " + QByteArray::number(ratio.kernel) +
           ", \"ratio\": " + number(ratio.ratio) +
           ", \"standard_error\": " + number(ratio.standardError) + "}";
}

/// Models that say nothing which version 1 could not are written as that, so that older designers
/// read them.
int versionOf(const LatencyModel &model)
{
    const bool plain = model.kernelRatios.empty() &&
                       std::none_of(model.kinds.begin(), model.kinds.end(),
                                    [](const KindModel &kind) { return kind.boosted.has_value(); });
    return plain ? 1 : formatVersion;
}

/// Takes values out of one object and remembers the first thing that is wrong with it.
class Fields
{
public:
    Fields(const QJsonValue &value, QString place)
        : m_object(value.toObject()), m_place(std::move(place))
    {
        if (!value.isObject()) wrong(QStringLiteral("an object is expected here"));
    }

    QString string(const char *name)
    {
        const QJsonValue value = take(name);
        if (!value.isString()) wrongValue(name, "text");
        return value.toString();
    }
    double real(const char *name, double least, double most)
    {
        const QJsonValue value = take(name);
        const double result = value.toDouble(std::numeric_limits<double>::quiet_NaN());
        if (result >= least && result <= most) return result; // never for NaN
        wrongValue(name, "a number in range");
        return least;
    }
    qint64 integer(const char *name, qint64 least, qint64 most)
    {
        const double value = real(name, double(least), double(most));
        if (std::floor(value) != value) wrongValue(name, "a whole number");
        return qint64(value);
    }
    QJsonArray array(const char *name, qsizetype most)
    {
        const QJsonValue value = take(name);
        const QJsonArray result = value.toArray();
        if (!value.isArray() || result.size() > most)
            wrongValue(name, "a list of the right length");
        return result.size() > most ? QJsonArray() : result;
    }
    template <class T>
    T known(const char *name, const std::optional<T> &value, T otherwise)
    {
        if (!value) wrongValue(name, "a name that this version knows");
        return value.value_or(otherwise);
    }
    [[nodiscard]] QJsonValue value(const char *name) const { return take(name); }
    [[nodiscard]] bool has(const char *name) const
    {
        return m_object.contains(QLatin1String(name));
    }

    void wrong(const QString &what)
    {
        if (m_error.isEmpty())
            m_error = m_place.isEmpty() ? what : m_place + QStringLiteral(": ") + what;
    }
    void wrong(const Fields &part)
    {
        if (m_error.isEmpty()) m_error = part.m_error;
    }
    [[nodiscard]] const QString &error() const { return m_error; }

private:
    [[nodiscard]] QJsonValue take(const char *name) const
    {
        return m_object.value(QLatin1String(name));
    }
    void wrongValue(const char *name, const char *expected)
    {
        wrong(
            QStringLiteral("\"%1\" must be %2").arg(QLatin1String(name), QLatin1String(expected)));
    }

    QJsonObject m_object;
    QString m_place;
    QString m_error;
};

constexpr double anyNumber = std::numeric_limits<double>::max();

void readTerms(KindModel &model, const QJsonArray &terms, const QString &place, Fields &fields)
{
    for (const QJsonValue &value : terms) {
        Fields term(value, place + QStringLiteral(", term %1").arg(model.features.size() + 1));
        const Feature feature =
            term.known("feature", featureFrom(term.string("feature")), Feature::One);
        if (std::find(model.features.begin(), model.features.end(), feature) !=
            model.features.end())
            term.wrong(QStringLiteral("the feature %1 stands here twice").arg(toString(feature)));
        model.features.push_back(feature);
        model.coefficients.push_back(term.real("coefficient", 0, anyNumber));
        model.featureMin.push_back(term.real("min", 0, anyNumber));
        model.featureMax.push_back(term.real("max", model.featureMin.back(), anyNumber));
        fields.wrong(term);
    }
    if (terms.isEmpty()) fields.wrong(place + QStringLiteral(": there are no terms"));
}

KindModel readKind(const QJsonValue &value, const QString &place, Fields &outer)
{
    Fields fields(value, place);
    KindModel model;
    model.kind = fields.known("kind", atomKindFrom(fields.string("kind")), AtomKind::Conv);
    if (fields.has("derived_from"))
        model.derivedFrom = fields.known(
            "derived_from", atomKindFrom(fields.string("derived_from")), AtomKind::Conv);
    model.keys = int(fields.integer("operators", 0, std::numeric_limits<int>::max()));
    constexpr double largestError = 1e6;
    model.cvMeanError = fields.real("cv_mean_error", 0, largestError);
    model.cvMedianError = fields.real("cv_median_error", 0, largestError);
    model.halfWidth90 = fields.real("half_width_90", 0, largestError);
    constexpr int largestKernel = 255, mostEntries = 64;
    for (const QJsonValue &kernel : fields.array("kernels", mostEntries)) {
        const int side = kernel.toInt();
        if (side < 1 || side > largestKernel)
            fields.wrong(QStringLiteral("a kernel size is out of range"));
        model.kernels.push_back(side);
    }
    for (const QJsonValue &entry : fields.array("bands", mostEntries)) {
        Fields band(entry, place + QStringLiteral(", band %1").arg(model.bands.size() + 1));
        const qint64 least = model.bands.empty() ? 0 : model.bands.back().fromPixels + 1;
        const qint64 from = band.integer("from_pixels", least, qint64(1) << 40);
        model.bands.push_back({from, band.real("half_width_90", 0, largestError)});
        fields.wrong(band);
    }
    readTerms(model, fields.array("terms", featureCount), place, fields);
    if (fields.has("boosted")) {
        Result<BoostedKind> boosted = readBoosted(fields.value("boosted"));
        if (boosted)
            model.boosted = *std::move(boosted);
        else
            fields.wrong(boosted.error().what);
    }
    outer.wrong(fields);
    return model;
}

KernelRatio readRatio(const QJsonValue &value, const QString &place, Fields &outer)
{
    Fields fields(value, place);
    KernelRatio ratio;
    ratio.kind = fields.known("kind", atomKindFrom(fields.string("kind")), AtomKind::Conv);
    ratio.kernel = int(fields.integer("kernel", 1, 255));
    ratio.ratio = fields.real("ratio", 1e-6, 1e6);
    ratio.standardError = fields.real("standard_error", 0, 1e6);
    outer.wrong(fields);
    return ratio;
}

using ModelKey = std::pair<QString, QString>;
using Shipped = std::map<ModelKey, std::shared_ptr<const LatencyModel>>;

Shipped loadShipped()
{
    initLatencyModels();
    Shipped shipped;
    const QDir folder(QStringLiteral(":/atomnet/models"));
    for (const QString &name :
         folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly)) continue;
        Result<LatencyModel> model = readLatencyModel(file.readAll(), name);
        Q_ASSERT_X(model, "shippedLatencyModel",
                   qPrintable(model ? name : model.error().message()));
        if (!model) continue;
        const ModelKey key{model->board, model->runtime};
        shipped.emplace(key, std::make_shared<const LatencyModel>(*std::move(model)));
    }
    return shipped;
}

} // namespace

QByteArray writeLatencyModel(const LatencyModel &model)
{
    QByteArray out = "{\n  \"format\": \"";
    out += formatName;
    out += "\",\n  \"version\": " + QByteArray::number(versionOf(model));
    out += ",\n  \"board\": " + text(model.board) + ",\n  \"runtime\": " + text(model.runtime);
    out += ",\n  \"clock_hz\": " + QByteArray::number(model.clockHz);
    out += ",\n  \"unit\": ";
    out += model.unit == SampleUnit::Nanoseconds ? "\"ns\"" : "\"instructions\"";
    out += ",\n  \"fitted_on\": " + text(model.fittedOn);
    out += ",\n  \"fingerprint\": " + text(model.fingerprint) + ",\n  \"kinds\": [";
    for (std::size_t i = 0; i < model.kinds.size(); ++i)
        out += (i ? ",\n" : "\n") + write(model.kinds[i]);
    out += "\n  ]";
    if (!model.kernelRatios.empty()) {
        out += ",\n  \"kernel_ratios\": [";
        for (std::size_t i = 0; i < model.kernelRatios.size(); ++i)
            out += (i ? ",\n    " : "\n    ") + write(model.kernelRatios[i]);
        out += "\n  ]";
    }
    return out + "\n}\n";
}

Result<LatencyModel> readLatencyModel(const QByteArray &json, const QString &fileName)
{
    const auto bad = [&](const QString &what) {
        return fail(ErrorCode::BadInput, QStringLiteral("not a latency model: %1").arg(what),
                    fileName);
    };
    if (json.size() > maxFileBytes) return bad(QStringLiteral("the file is larger than 8 MiB"));
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parseError);
    if (parseError.error != QJsonParseError::NoError)
        return bad(
            QStringLiteral("%1 at byte %2").arg(parseError.errorString()).arg(parseError.offset));

    Fields fields(document.isObject() ? QJsonValue(document.object()) : QJsonValue(), QString());
    if (!fields.error().isEmpty()) return bad(fields.error());
    if (fields.string("format") != QLatin1String(formatName))
        return bad(QStringLiteral("\"format\" must be \"%1\"").arg(QLatin1String(formatName)));
    const qint64 version = fields.integer("version", 1, std::numeric_limits<int>::max());
    if (!fields.error().isEmpty()) return bad(fields.error());
    if (version > formatVersion)
        return fail(
            ErrorCode::NewerFile,
            QStringLiteral(
                "this latency model has version %1 and was written by a later designer; this "
                "one reads version %2: update the designer, or fit the model again")
                .arg(version)
                .arg(formatVersion),
            fileName);

    LatencyModel model;
    model.board = fields.string("board");
    model.runtime = fields.string("runtime");
    model.clockHz = fields.integer("clock_hz", 0, 1'000'000'000'000);
    const QString unit = fields.string("unit");
    if (unit == QLatin1String("instructions"))
        model.unit = SampleUnit::Instructions;
    else if (unit != QLatin1String("ns"))
        fields.wrong(QStringLiteral("\"unit\" must be ns or instructions"));
    model.fittedOn = fields.string("fitted_on");
    model.fingerprint = fields.string("fingerprint");
    for (const QJsonValue &value : fields.array("kinds", atomKindCount)) {
        const QString place = QStringLiteral("kind %1").arg(model.kinds.size() + 1);
        KindModel kind = readKind(value, place, fields);
        if (!model.kinds.empty() && kind.kind <= model.kinds.back().kind)
            fields.wrong(place + QStringLiteral(": kinds must stand in their order, each once"));
        model.kinds.push_back(std::move(kind));
    }
    if (fields.has("kernel_ratios"))
        for (const QJsonValue &value : fields.array("kernel_ratios", 1000)) {
            const QString place =
                QStringLiteral("kernel ratio %1").arg(model.kernelRatios.size() + 1);
            const KernelRatio ratio = readRatio(value, place, fields);
            if (!model.kernelRatios.empty() &&
                std::pair(ratio.kind, ratio.kernel) <=
                    std::pair(model.kernelRatios.back().kind, model.kernelRatios.back().kernel))
                fields.wrong(place + QStringLiteral(": ratios must ascend by kind and kernel"));
            model.kernelRatios.push_back(ratio);
        }
    if (!fields.error().isEmpty()) return bad(fields.error());
    return model;
}

std::shared_ptr<const LatencyModel> shippedLatencyModel(const QString &board,
                                                        const QString &runtime)
{
    static const Shipped shipped = loadShipped();
    const auto found = shipped.find({board, runtime});
    return found == shipped.end() ? nullptr : found->second;
}

} // namespace atomnet
