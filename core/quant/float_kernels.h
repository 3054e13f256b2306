#pragma once

#include "core/lowering/atom_key.h"

#include <span>
#include <vector>

// Convolutions in float, piece by piece. A piece is fixed by the shapes alone, and so is the order
// in which it adds up: results depend neither on threads nor on the machine's caches.
namespace atomnet
{

/// A convolution, depthwise convolution (out.c == in.c) or, on maps of 1 x 1, a fully connected
/// layer. Padded with zeros by kernel / 2 on all sides.
struct ConvShape {
    Shape in, out; ///< h x w x c
    int kernel = 1, stride = 1;
};
[[nodiscard]] ConvShape convShape(const AtomKey &key);

/// Pieces of convolveTile().
[[nodiscard]] int convolveTiles(const ConvShape &shape);
/// out = in * weights + bias over one piece. weights [out][kernel][kernel][in]; bias [out] or null.
void convolveTile(const ConvShape &shape, int tile, const float *in, const float *weights,
                  const float *bias, float *out);

/// Pieces of depthwiseTile().
[[nodiscard]] int depthwiseTiles(const ConvShape &shape);
/// weights [kernel][kernel][channels].
void depthwiseTile(const ConvShape &shape, int tile, const float *in, const float *weights,
                   const float *bias, float *out);

/// From a unit's order, [channels][kernel][kernel], to depthwiseTile()'s.
[[nodiscard]] std::vector<float> depthwiseOrder(std::span<const float> weights, int channels);

} // namespace atomnet
