#pragma once

#include "core/base/result.h"
#include "core/model/network.h"
#include "core/quant/weights.h"

#include <QStringList>

#include <memory>

namespace atomnet
{

/// Inputs for a network, with labels where they are known; read one at a time.
class SampleSource
{
public:
    virtual ~SampleSource() = default;
    [[nodiscard]] virtual int count() const = 0;
    /// Normalised values, h x w x c. Errors name the file.
    [[nodiscard]] virtual Result<std::vector<float>> sample(int index) const = 0;
    [[nodiscard]] virtual int label(int index) const = 0; ///< class, -1 when unknown
    [[nodiscard]] virtual QStringList labelNames() const { return {}; }
};

/// How samples are read.
struct SampleOptions {
    Shape shape;                 ///< the network's input
    Normalisation normalisation; ///< for images and 8-bit arrays; float arrays are taken as they are
    int limit = 0;               ///< at most so many, spread evenly and the same every time; 0: all
};

/// `path`: a folder of PNG and JPEG images (one subfolder a class, sorted by name, or none: no labels; resized so that the
/// shorter side fits, centre crop), one image, a .npy of samples, or a .npz of "images"/"x" (n, h, w[, c] or n, c, h, w;
/// uint8 or float) and, if known, "labels"/"y". BadInput: empty, broken, of another size, not finite; Io.
[[nodiscard]] Result<std::shared_ptr<const SampleSource>> openSamples(const QString &path, const SampleOptions &options);
/// Seeded images, smooth and noisy, identical on every machine; for untrained networks.
[[nodiscard]] std::shared_ptr<const SampleSource> seededSamples(const Shape &shape, int count, quint64 seed);

} // namespace atomnet
