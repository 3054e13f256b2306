#include "core/quant/sample_files.h"

#include "core/quant/npy_header.h"
#include "core/quant/weight_file.h"
#include "core/quant/zip_file.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

Result<> DeviceStream::read(char *to, qint64 bytes)
{
    const qint64 got = m_device.read(to, bytes);
    if (got == bytes) return {};
    if (got < 0)
        return fail(ErrorCode::Io, QStringLiteral("reading failed: %1").arg(m_device.errorString()),
                    m_name);
    return fail(ErrorCode::BadInput,
                QStringLiteral("the file ends too early; fetch it again, whole"), m_name);
}

namespace
{

constexpr qint64 maxSamples = 10'000'000;
constexpr qint64 maxKeptBytes = qint64(1) << 30;

/// How the numbers of one sample stand in the file.
struct Layout {
    NpyType type = NpyType::U8;
    bool channelsFirst = false;
    qint64 count = 0; ///< samples
    qint64 sampleBytes = 0;
    qint64 headerBytes = 0;
};

QString expectedShapes(const Shape &shape)
{
    const QString last = QStringLiteral("n x %1 x %2 x %3").arg(shape.h).arg(shape.w).arg(shape.c);
    if (shape.c == 1) return QStringLiteral("n x %1 x %2 or ").arg(shape.h).arg(shape.w) + last;
    return last + QStringLiteral(" or n x %1 x %2 x %3").arg(shape.c).arg(shape.h).arg(shape.w);
}

Result<Layout> layoutOf(const NpyHeader &header, const Shape &wanted, const QString &name)
{
    using Sides = std::vector<qint64>;
    const auto bad = [&](const QString &what) { return fail(ErrorCode::BadInput, what, name); };
    const Sides sides(header.shape.begin() + (header.shape.empty() ? 0 : 1), header.shape.end());
    const bool last = sides == Sides{wanted.h, wanted.w, wanted.c} ||
                      (wanted.c == 1 && sides == Sides{wanted.h, wanted.w});
    const bool first = sides == Sides{wanted.c, wanted.h, wanted.w};
    if (!last && !first)
        return bad(QStringLiteral("the samples are %1, the network reads %2")
                       .arg(shapeText(header.shape), expectedShapes(wanted)));
    if (header.type != NpyType::U8 && !isFloat(header.type))
        return bad(
            QStringLiteral("the samples are %1; save them as uint8 (0 to 255) or as float32, "
                           "normalised")
                .arg(nameOf(header.type)));
    if (header.shape[0] == 0) return bad(QStringLiteral("there are no samples in it"));
    if (header.shape[0] > maxSamples)
        return bad(QStringLiteral("there are %1 samples in it, more than %2 million")
                       .arg(header.shape[0])
                       .arg(maxSamples / 1'000'000));
    return Layout{header.type, !last, header.shape[0], wanted.bytes() * bytesPer(header.type),
                  header.headerBytes};
}

/// Samples of an array, from memory or from its file.
class ArraySamples : public SampleSource
{
public:
    ArraySamples(QString name, const Layout &layout, const SampleOptions &options)
        : m_name(std::move(name))
        , m_layout(layout)
        , m_options(options)
        , m_indices(spread(layout.count, options.limit))
    {
    }

    [[nodiscard]] int count() const override { return int(m_indices.size()); }
    [[nodiscard]] int label(int index) const override
    {
        return m_labels.empty() ? -1 : m_labels[std::size_t(m_indices[std::size_t(index)])];
    }

    [[nodiscard]] Result<std::vector<float>> sample(int index) const override
    {
        const auto bytes = m_open ? fromFile(m_indices[std::size_t(index)]) : fromMemory(index);
        if (!bytes) return tl::make_unexpected(bytes.error());
        std::vector<float> values = numbers(*bytes);
        if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
            return fail(ErrorCode::BadInput,
                        QStringLiteral("sample %1 holds NaN or infinity")
                            .arg(m_indices[std::size_t(index)]),
                        m_name);
        if (m_layout.channelsFirst) values = channelsLast(values);
        if (m_layout.type == NpyType::U8) normalise(values);
        return values;
    }

    void readFrom(OpenDevice open) { m_open = std::move(open); }
    void setLabels(std::vector<int> labels) { m_labels = std::move(labels); }

    /// Keeps the samples that are used; the stream stands behind the header.
    Result<> keep(ByteStream &stream)
    {
        if (count() * m_layout.sampleBytes > maxKeptBytes)
            return fail(
                ErrorCode::BadInput,
                QStringLiteral("its samples take more than %1 MiB of memory; save them as a .npy "
                               "file, which is read one by one")
                    .arg(maxKeptBytes >> 20),
                m_name);
        QByteArray one(m_layout.sampleBytes, '\0');
        auto next = m_indices.begin();
        for (qint64 i = 0; i < m_layout.count; ++i) { // to the end: the checksum stands there
            if (const Result<> done = stream.read(one.data(), one.size()); !done) return done;
            if (next == m_indices.end() || *next != i) continue;
            m_kept.append(one);
            ++next;
        }
        return {};
    }

private:
    Result<QByteArray> fromMemory(int index) const
    {
        return m_kept.mid(index * m_layout.sampleBytes, m_layout.sampleBytes);
    }

    Result<QByteArray> fromFile(qint64 index) const
    {
        QString reason;
        const auto device = m_open(reason);
        const bool there =
            device && device->seek(m_layout.headerBytes + index * m_layout.sampleBytes);
        const QByteArray bytes = there ? device->read(m_layout.sampleBytes) : QByteArray();
        if (bytes.size() == m_layout.sampleBytes) return bytes;
        return fail(ErrorCode::Io,
                    QStringLiteral("sample %1 cannot be read: %2")
                        .arg(index)
                        .arg(device ? QStringLiteral("the file has changed") : reason),
                    m_name);
    }

    std::vector<float> numbers(const QByteArray &bytes) const
    {
        switch (m_layout.type) {
        case NpyType::F16:
            return toFloats(bytes, FloatFormat::F16);
        case NpyType::F32:
            return toFloats(bytes, FloatFormat::F32);
        case NpyType::F64:
            return toFloats(bytes, FloatFormat::F64);
        default:
            break;
        }
        std::vector<float> values;
        values.reserve(std::size_t(bytes.size()));
        for (const char pixel : bytes)
            values.push_back(float(quint8(pixel)));
        return values;
    }

    std::vector<float> channelsLast(const std::vector<float> &planes) const
    {
        const std::size_t channels = std::size_t(m_options.shape.c),
                          area = planes.size() / channels;
        std::vector<float> values(planes.size());
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t p = 0; p < area; ++p)
                values[p * channels + c] = planes[c * area + p];
        return values;
    }

    void normalise(std::vector<float> &values) const
    {
        const Normalisation &by = m_options.normalisation;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::size_t c = i % by.mean.size();
            values[i] = (values[i] / 255.0F - by.mean[c]) / by.std[c];
        }
    }

    QString m_name;
    Layout m_layout;
    SampleOptions m_options;
    std::vector<qint64> m_indices;
    std::vector<int> m_labels; ///< of all, or none
    OpenDevice m_open;
    QByteArray m_kept;
};

Result<std::unique_ptr<QIODevice>> opened(const OpenDevice &open, const QString &name)
{
    QString reason;
    auto device = open(reason);
    if (device) return device;
    return fail(ErrorCode::Io, QStringLiteral("the samples cannot be opened: %1").arg(reason),
                name);
}

/// The entry of the first of these names that is there.
const ZipEntry *entryOf(const std::vector<ZipEntry> &entries,
                        std::initializer_list<const char *> names)
{
    for (const char *name : names)
        for (const ZipEntry &entry : entries)
            if (entry.name == QLatin1String(name) + QLatin1String(".npy")) return &entry;
    return nullptr;
}

QString placeOf(const QString &name, const ZipEntry &entry)
{
    return name + QStringLiteral(", ") + entry.name;
}

Result<std::vector<int>> readLabels(QIODevice &device, const ZipEntry &entry, const QString &place,
                                    qint64 samples)
{
    const auto stream = openZipEntry(device, entry, place);
    if (!stream) return tl::make_unexpected(stream.error());
    const auto header = readNpyHeader(**stream, place);
    if (!header) return tl::make_unexpected(header.error());
    const auto bad = [&](const QString &what) { return fail(ErrorCode::BadInput, what, place); };
    if (isFloat(header->type))
        return bad(QStringLiteral("the labels are %1; save them as whole numbers")
                       .arg(nameOf(header->type)));
    if (header->count != samples || header->shape.empty() || header->shape[0] != samples)
        return bad(QStringLiteral(
                       "the labels are %1, but there are %2 samples: one label for each is needed")
                       .arg(shapeText(header->shape))
                       .arg(samples));
    QByteArray bytes(header->count * bytesPer(header->type), '\0');
    if (const Result<> done = (*stream)->read(bytes.data(), bytes.size()); !done)
        return tl::make_unexpected(done.error());
    std::vector<int> labels;
    for (qint64 i = 0; i < samples; ++i) {
        const qint64 label =
            integerAt(bytes.constData() + i * bytesPer(header->type), header->type);
        if (label < 0 || label > 1'000'000)
            return bad(QStringLiteral("the label of sample %1 is %2; classes count from 0")
                           .arg(i)
                           .arg(label));
        labels.push_back(int(label));
    }
    return labels;
}

} // namespace

Samples openNpy(const OpenDevice &open, const QString &name, const SampleOptions &options)
{
    const auto device = opened(open, name);
    if (!device) return tl::make_unexpected(device.error());
    DeviceStream stream(**device, name);
    const auto header = readNpyHeader(stream, name);
    if (!header) return tl::make_unexpected(header.error());
    const auto layout = layoutOf(*header, options.shape, name);
    if (!layout) return tl::make_unexpected(layout.error());
    auto samples = std::make_shared<ArraySamples>(name, *layout, options);
    samples->readFrom(open);
    return samples;
}

Samples openNpz(const OpenDevice &open, const QString &name, const SampleOptions &options)
{
    const auto device = opened(open, name);
    if (!device) return tl::make_unexpected(device.error());
    const auto entries = readZipDirectory(**device, name);
    if (!entries) return tl::make_unexpected(entries.error());
    const ZipEntry *images = entryOf(*entries, {"images", "x"});
    if (!images) {
        QStringList names;
        for (const ZipEntry &entry : *entries)
            names << entry.name;
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("there is no array named images or x in it%1; save it with "
                           "numpy.savez(file, images=..., labels=...)")
                .arg(names.isEmpty() ? QString() : QStringLiteral(", only ") + firstFew(names)),
            name);
    }
    const QString place = placeOf(name, *images);
    const auto stream = openZipEntry(**device, *images, place);
    if (!stream) return tl::make_unexpected(stream.error());
    const auto header = readNpyHeader(**stream, place);
    if (!header) return tl::make_unexpected(header.error());
    const auto layout = layoutOf(*header, options.shape, place);
    if (!layout) return tl::make_unexpected(layout.error());
    auto samples = std::make_shared<ArraySamples>(place, *layout, options);
    if (const Result<> done = samples->keep(**stream); !done)
        return tl::make_unexpected(done.error());
    if (const ZipEntry *labels = entryOf(*entries, {"labels", "y"})) {
        auto read = readLabels(**device, *labels, placeOf(name, *labels), layout->count);
        if (!read) return tl::make_unexpected(read.error());
        samples->setLabels(std::move(*read));
    }
    return samples;
}

} // namespace atomnet
