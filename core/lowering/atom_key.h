#pragma once

#include "core/model/network.h"

#include <type_traits>

// What one measured operator is: the key that lowering makes, AtomDB stores and measuring sends.
namespace atomnet
{

/// Operators that a runtime really executes. The numbers are stored in AtomDB: never renumber, only append.
enum class AtomKind : quint8 {
    Conv = 1,           ///< convolution with groups 1 and kernel above 1 (atomnet-1: or a stride above 1)
    Depthwise = 2,      ///< groups = channels
    Pointwise = 3,      ///< 1x1 convolution (atomnet-1: stride 1)
    PointwisePair = 4,  ///< expand and project in one (atomnet-1)
    Pad = 5,            ///< x-cube-ai-7.2: a layer of its own before a convolution with kernel above 1
    Add = 6,            ///< elementwise, two tensors
    Mul = 7,            ///< elementwise, two tensors of the same shape
    Scale = 8,          ///< a tensor times one factor per channel
    SqueezeExcite = 9,  ///< x-cube-ai-7.2: the whole module (pool, two fully connected, multiply)
    Mean = 10,          ///< global average pool
    FullyConnected = 11,
};
inline constexpr int atomKindCount = 12; ///< one more than the largest kind

/// Activation as part of a key. Imported rows do not say theirs.
enum class KeyAct : quint8 { None, Relu, Relu6, HSwish, HSigmoid, Unknown = 255 };

enum class DataType : quint8 { Int8 = 0 };
enum class WeightPlace : quint8 { Flash = 0, Ram = 1 };

/// Complete description of one operator, without padding bytes (compared and hashed as memory).
/// Shapes are int8 tensors, h x w x c. With x-cube-ai-7.2 a convolution behind a pad has the padded size as
/// its input and pads 0; the stem (3 input channels) pads itself.
struct AtomKey {
    qint32 inH = 1, inW = 1, inC = 1;
    qint32 outH = 1, outW = 1, outC = 1;
    qint32 groups = 1;
    qint32 squeeze = 0; ///< squeeze channels of SqueezeExcite, expanded channels of PointwisePair, else 0
    quint16 kernelH = 1, kernelW = 1;
    quint16 strideH = 1, strideW = 1;
    quint16 padT = 0, padL = 0, padB = 0, padR = 0;
    quint16 dilation = 1;
    quint16 variant = 0; ///< of atomnet-1: packings of its weights (atom_variant.h); 0 for x-cube-ai
    AtomKind kind = AtomKind::Conv;
    KeyAct act = KeyAct::Unknown;
    DataType type = DataType::Int8;
    WeightPlace weights = WeightPlace::Flash;

    bool operator==(const AtomKey &) const = default;
    [[nodiscard]] Shape in() const { return {inH, inW, inC}; }
    [[nodiscard]] Shape out() const { return {outH, outW, outC}; }
};
static_assert(std::has_unique_object_representations_v<AtomKey>);
static_assert(sizeof(AtomKey) == 56);

/// Fast, well mixed, stable within one run.
[[nodiscard]] quint64 hashOf(const AtomKey &key) noexcept;
inline size_t qHash(const AtomKey &key, size_t seed = 0) noexcept { return size_t(hashOf(key)) ^ seed; }

/// Multiply-accumulates of convolutions and fully connected layers, bias included, as AtomDB counts:
/// h_out*w_out*c_out*(c_in/groups)*k*k + c_out. 0 for the other kinds.
[[nodiscard]] qint64 macsOf(const AtomKey &key);
/// Elementwise work, counted apart: add and mul hwc, mean hwc, scale hwc, SE 2chw + c (its two fully connected
/// layers count in macsOf: 2cm + c + m).
[[nodiscard]] qint64 elementwiseMacsOf(const AtomKey &key);
/// Biases: one for each output channel of every convolution and fully connected layer in it.
[[nodiscard]] qint64 biasesOf(const AtomKey &key);
/// Weights and biases, as numbers.
[[nodiscard]] qint64 paramsOf(const AtomKey &key);
/// Weights (1 byte each) and biases (4 bytes each) in Flash, as x-cube-ai-7.2 and AtomDB count; SE 2cm + 4(c+m) + 4.
[[nodiscard]] qint64 weightBytesOf(const AtomKey &key);

/// Smallest stride with floor((in + pads - kernel) / stride) + 1 == out; 0 when there is none. AtomDB's files do
/// not say strides, so keys of x-cube-ai-7.2 carry this one, from lowering and from import alike.
[[nodiscard]] int smallestStride(int in, int pads, int kernel, int out);

/// "pointwise", "depthwise", ... (stable, for files and JSON) and back.
[[nodiscard]] QString toString(AtomKind kind);
[[nodiscard]] std::optional<AtomKind> atomKindFrom(QStringView text);
/// "none", "relu", ..., "unknown" and back.
[[nodiscard]] QString toString(KeyAct act);
[[nodiscard]] std::optional<KeyAct> keyActFrom(QStringView text);
[[nodiscard]] KeyAct keyAct(Activation act);
/// One line for people: "pointwise 20x20x48 -> 20x20x96".
[[nodiscard]] QString describe(const AtomKey &key);

} // namespace atomnet
