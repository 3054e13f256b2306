#pragma once

#include "core/base/result.h"
#include "core/quant/weight_units.h"

#include <QStringList>

namespace atomnet
{

/// Weights and bias of one unit, batch norm folded in.
struct UnitWeights {
    std::vector<float> weights; ///< [out][kernel][kernel][in]
    std::vector<float> bias;    ///< [out]
    bool operator==(const UnitWeights &) const = default;
};

/// How pixels become the network's float input: (pixel / 255 - mean) / std, per channel.
struct Normalisation {
    std::vector<float> mean, std; ///< one entry a channel
    bool operator==(const Normalisation &) const = default;
};
/// ImageNet's for 3 channels, mean 0.5 and std 0.5 for any other count.
[[nodiscard]] Normalisation defaultNormalisation(int channels);

/// A network's weights as float.
struct FloatWeights {
    std::vector<UnitWeights> units; ///< by weightUnits()
    bool trained = false;           ///< false: seeded
    std::optional<Normalisation> normalisation; ///< when the file tells it
    QStringList labels;                         ///< class names, when the file tells them
    bool operator==(const FloatWeights &) const = default;
};

/// A tensor of a weight file.
struct NamedTensor {
    QString name;
    std::vector<qint64> shape;
    std::vector<float> values;
};

/// What a weight file holds. `inOrder`: names were lost (ONNX with folded batch norm): convolutions and fully connected
/// layers in execution order, each "<i>.weight" and, if it has one, "<i>.bias".
struct WeightFile {
    std::vector<NamedTensor> tensors;
    bool inOrder = false;
    std::optional<Normalisation> normalisation;
    QStringList labels;
};
/// safetensors: F32, F16, BF16 (others only when unused); metadata "mean", "std" (comma separated) and "labels" (JSON
/// array). BadInput names the tensor and what is wrong with it.
[[nodiscard]] Result<WeightFile> readSafetensors(const QByteArray &bytes, const QString &fileName);
/// ONNX, both export styles: with names and batch norm kept (resolving Identity nodes), or folded and renamed; metadata as
/// in safetensors.
[[nodiscard]] Result<WeightFile> readOnnxWeights(const QByteArray &bytes, const QString &fileName);
/// Gives every unit its tensors; folds batch norm (epsilon 1e-5). BadInput for missing, extra, misshapen or non-finite
/// tensors, naming the first few ("num_batches_tracked" is ignored).
[[nodiscard]] Result<FloatWeights> assignWeights(const std::vector<WeightUnit> &units, const WeightFile &file,
                                                 const QString &fileName);
/// Reads by the file's content: safetensors or ONNX. Io, BadInput.
[[nodiscard]] Result<FloatWeights> loadWeights(const std::vector<WeightUnit> &units, const QString &path);

/// Uniform weights with He's variance, corrected so that deep networks neither die out nor explode; the classifier's rows
/// of different reach, so that there are winners; zero biases. From an integer generator without libm: identical on every
/// machine. For comparing figures, not for use: marked untrained.
[[nodiscard]] FloatWeights seededWeights(const std::vector<WeightUnit> &units, quint64 seed);

} // namespace atomnet
