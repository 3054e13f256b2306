#pragma once

#include "core/model/network.h"

#include <QByteArray>

#include <vector>

// Files that a user brings to quantise: weights and samples.
namespace atomnet::test
{

/// A safetensors file with weights for every layer: seeded ones, but marked as trained by being in
/// a file.
[[nodiscard]] QByteArray weightFile(const Network &network, quint64 seed);
/// An .npy of float samples, (n, h, w, c).
[[nodiscard]] QByteArray npyFile(const std::vector<std::vector<float>> &samples,
                                 const Shape &shape);
/// An .npz of "x", as npyFile, and "y", their classes.
[[nodiscard]] QByteArray npzFile(const std::vector<std::vector<float>> &samples, const Shape &shape,
                                 const std::vector<int> &labels);

/// `count` seeded samples, and what the float network with these weights takes them for.
struct LabelledSamples {
    std::vector<std::vector<float>> values;
    std::vector<int> labels;
};
[[nodiscard]] LabelledSamples labelledSamples(const Network &network, quint64 weightSeed,
                                              int count);

} // namespace atomnet::test
