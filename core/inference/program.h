#pragma once

#include "core/analysis/arena_plan.h"
#include "core/quant/quantized_network.h"

#include <QByteArray>

#include <variant>

// The int8 network as calls of kernels with packed constants: what runs on the host, and what the C project is written
// from. Nothing here depends on pointers, so it can be compared, printed and bound.
namespace atomnet
{

/// Bytes that lie in Flash as they are.
struct Constant {
    enum class Type : quint8 { Int8, Int32, UInt32 } type = Type::Int8;
    QString name; ///< "s1_1_pw_weights": a C identifier, unique in its program
    QByteArray bytes; ///< little endian
    bool operator==(const Constant &) const = default;
};

/// ak_output_t with constants by index (-1: none).
struct OutputStage {
    int bias = -1, multiplier = -1, table = -1;
    int zeroPoint = 0, shift = 0;
    bool operator==(const OutputStage &) const = default;
};

struct ConvCall { ///< ak_conv2d_t
    Shape in;
    int outChannels = 0, kernel = 0, stride = 0, inZeroPoint = 0, packing = 0, weights = -1;
    OutputStage out;
    bool operator==(const ConvCall &) const = default;
};
struct DepthwiseCall { ///< ak_depthwise_t
    Shape in;
    int kernel = 0, stride = 0, inZeroPoint = 0, packing = 0, weights = -1;
    OutputStage out;
    bool operator==(const DepthwiseCall &) const = default;
};
struct PointwiseCall { ///< ak_pointwise_t
    int pixels = 0, inChannels = 0, outChannels = 0, packing = 0, weights = -1;
    OutputStage out;
    bool operator==(const PointwiseCall &) const = default;
};
struct PairCall { ///< ak_pointwise_pair_t
    int pixels = 0, inChannels = 0, midChannels = 0, outChannels = 0;
    int expandPacking = 0, projectPacking = 0, expandWeights = -1, projectWeights = -1;
    OutputStage expand, project;
    bool operator==(const PairCall &) const = default;
};
struct DenseCall { ///< ak_fully_connected_t
    int inChannels = 0, outChannels = 0, packing = 0, weights = -1;
    OutputStage out;
    bool operator==(const DenseCall &) const = default;
};
struct AddCall { ///< ak_add_t
    int count = 0, bias = 0, multiplierA = 0, multiplierB = 0, shift = 0;
    bool operator==(const AddCall &) const = default;
};
struct MulCall { ///< ak_mul_t
    int pixels = 0, channels = 0, multiplier = 0, inZeroPoint = 0, gateZeroPoint = 0, zeroPoint = 0, shift = 0;
    bool operator==(const MulCall &) const = default;
};
struct MeanCall { ///< ak_mean_t
    int pixels = 0, channels = 0, bias = 0, multiplier = 0, zeroPoint = 0, shift = 0;
    bool operator==(const MeanCall &) const = default;
};
struct SoftmaxCall { ///< ak_softmax_t, in place on the logits
    int count = 0, exponents = -1;
    bool operator==(const SoftmaxCall &) const = default;
};
using Call = std::variant<ConvCall, DepthwiseCall, PointwiseCall, PairCall, DenseCall, AddCall, MulCall, MeanCall, SoftmaxCall>;

/// A call and where its tensors lie in the arena.
struct Step {
    int atom = -1; ///< -1: softmax behind the last atom
    QString name;  ///< layer name, "s1.1.pw"
    Call call;
    std::array<qint64, 2> inputOffsets{-1, -1};
    qint64 outputOffset = 0, outputBytes = 0, scratchOffset = 0;
    bool operator==(const Step &) const = default;
};

struct Program {
    std::vector<Constant> constants; ///< equal tables once
    std::vector<Step> steps;
    qint64 arenaBytes = 0;
    qint64 inputOffset = 0, inputBytes = 0, outputOffset = 0, outputBytes = 0;
    TensorQuant input, output; ///< of softmax, when there is one
    bool operator==(const Program &) const = default;
};

struct ProgramOptions {
    bool softmax = false;
};
/// Packs the weights for the kernels and lays the calls out by `plan` (of the network's graph). BadInput names the layer
/// whose numbers no kernel can hold (accumulator beyond 31 bits).
[[nodiscard]] Result<Program> makeProgram(const QuantizedNetwork &network, const ArenaPlan &plan,
                                          const QStringList &layerNames, const ProgramOptions &options = {});

} // namespace atomnet
