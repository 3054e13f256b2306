#pragma once

#include <QByteArray>
#include <QHashFunctions>
#include <QString>

#include <optional>
#include <vector>

// The design as a value: what a person draws. Copyable, comparable, without behaviour; changed only
// by apply() (edit.h), written and read by design_file.h.
namespace atomnet
{

/// Identity of a block while the designer runs: kept by edits and undo, never written to a file.
struct BlockId {
    quint32 value = 0; ///< 0 is "no block"
    auto operator<=>(const BlockId &) const = default;
    explicit operator bool() const { return value != 0; }
};

/// Identity of a stage while the designer runs.
struct StageId {
    quint32 value = 0; ///< 0 is "no stage"
    auto operator<=>(const StageId &) const = default;
    explicit operator bool() const { return value != 0; }
};

inline size_t qHash(BlockId id, size_t seed = 0) noexcept
{
    return ::qHash(id.value, seed);
}
inline size_t qHash(StageId id, size_t seed = 0) noexcept
{
    return ::qHash(id.value, seed);
}

/// Activation, height x width x channels, int8: one byte an element.
struct Shape {
    qint32 h = 0, w = 0, c = 0;
    bool operator==(const Shape &) const = default;
    [[nodiscard]] qint64 bytes() const { return qint64(h) * w * c; }
};

enum class BlockType : quint8 { Conv, Sep, ConvNext, MbConv };
enum class Activation : quint8 { None, Relu, Relu6, HSwish, HSigmoid };

/// A key of a design file that this version does not know: kept, written back at its place,
/// reported.
struct UnknownKey {
    int place = 0; ///< index among all keys of its object when it is written
    QString key;
    QByteArray json; ///< its value, compact
    bool operator==(const UnknownKey &) const = default;
};
using UnknownKeys = std::vector<UnknownKey>;

/// Squeeze-and-excite behind the depthwise of a block.
struct SqueezeExcite {
    std::optional<int> channels;            ///< squeeze channels as given; else from reduction
    int reduction = 4;                      ///< squeeze channels = makeDivisible(c / reduction, 8)
    Activation act = Activation::Relu;      ///< after the first fully connected
    Activation gate = Activation::HSigmoid; ///< after the second
    UnknownKeys unknown;
    bool operator==(const SqueezeExcite &) const = default;
};

/// One block of a stage. `repeat` n stands for n equal blocks, the stride on the first only.
struct Block {
    BlockId id;
    BlockType type = BlockType::Sep;
    int out = 8;    ///< output channels
    int kernel = 3; ///< 1, 3, 5 or 7
    int stride = 1; ///< 1 to maxStride
    double expand =
        1; ///< ConvNeXt and MBConv only: expanded channels = makeDivisible(in * expand, 8)
    Activation act = Activation::None;
    std::optional<SqueezeExcite> se; ///< not on conv
    int repeat = 1;
    UnknownKeys unknown;
    bool locked = false; ///< searches keep it
    bool operator==(const Block &) const = default;
};

struct Stage {
    StageId id;
    QString name;
    std::vector<Block> blocks;
    UnknownKeys unknown;
    bool locked = false; ///< searches keep it as it is ("locked": true in the file)
    bool operator==(const Stage &) const = default;
};

/// A convolution or fully connected layer of the head: width and activation.
struct HeadLayer {
    int out = 0;
    Activation act = Activation::None;
    UnknownKeys unknown;
    bool operator==(const HeadLayer &) const = default;
};

/// [1x1 conv ->] global average pool -> [fully connected ->] fully connected to the classes.
struct Head {
    std::optional<HeadLayer> conv;
    std::optional<HeadLayer> hidden;
    int classes = 1000;
    UnknownKeys unknown;
    bool operator==(const Head &) const = default;
};

struct Network {
    QString name;
    Shape input{160, 160, 3};
    UnknownKeys inputUnknown;
    bool inputLocked = false; ///< searches keep the input's size
    std::vector<Stage> stages;
    Head head;
    UnknownKeys unknown;
    quint32 nextId = 1; ///< the id that the next new block or stage gets

    bool operator==(const Network &) const = default;
};

/// Limits of a design. They keep every product of sizes far inside 64 bits.
inline constexpr int maxSide = 4096;      ///< input height and width
inline constexpr int maxChannels = 65536; ///< any width, expanded ones and classes included
inline constexpr int maxStride = 4;
inline constexpr int maxRepeat = 1000;
inline constexpr int maxBlocks = 4096; ///< over all stages, repeats counted
inline constexpr int maxStages = 1024;
inline constexpr qint64 maxTensorBytes =
    64 * 1024 * 1024; ///< any activation; keeps sums of MACs inside 64 bits
inline constexpr double maxExpand = 64;

/// Where a block stands.
struct BlockPlace {
    int stage = -1, index = -1;
    bool operator==(const BlockPlace &) const = default;
    [[nodiscard]] bool valid() const { return stage >= 0 && index >= 0; }
};

[[nodiscard]] BlockPlace findBlock(const Network &network, BlockId id);
[[nodiscard]] int findStage(const Network &network, StageId id); ///< -1 when absent
/// The block with this id, or null.
[[nodiscard]] const Block *blockById(const Network &network, BlockId id);
/// Same design, ids and nextId apart (as after writing and reading).
[[nodiscard]] bool sameDesign(const Network &a, const Network &b);
/// Takes every id away, for assignIds to give new ones from nextId on.
void clearIds(Network &network);
/// Gives every block and stage that has none (or a repeated one) a fresh id.
void assignIds(Network &network);

/// Nearest multiple of `divisor`, at least `divisor`, never below 90 % of value (as in MobileNet).
[[nodiscard]] int makeDivisible(double value, int divisor);
/// Squeeze channels of an SE module on `c` channels.
[[nodiscard]] int squeezeChannels(const SqueezeExcite &se, int c);
/// Output side of a convolution that pads k/2 on both sides: floor((side + 2*(k/2) - k) / stride)
/// + 1.
[[nodiscard]] int convOutSide(int side, int kernel, int stride);
/// Shape after a block, its repeats included.
[[nodiscard]] Shape outputShape(const Block &block, Shape in);
/// Input shape of stage `stage` (stages.size() gives the shape that enters the head).
[[nodiscard]] Shape stageInput(const Network &network, int stage);

/// File spellings: "conv", "sep", "convnext", "mbconv"; "none", "relu", "relu6", "hswish",
/// "hsigmoid".
[[nodiscard]] QString toString(BlockType type);
[[nodiscard]] QString toString(Activation act);
[[nodiscard]] std::optional<BlockType> blockTypeFrom(QStringView text);
[[nodiscard]] std::optional<Activation> activationFrom(QStringView text);
/// Names for people: "Conv", "SEP", "ConvNeXt", "MBConv".
[[nodiscard]] QString displayName(BlockType type);
/// "none", "ReLU", "ReLU6", "HSwish", "HSigmoid".
[[nodiscard]] QString displayName(Activation act);

} // namespace atomnet
