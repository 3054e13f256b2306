#pragma once

#include "core/lowering/atom_graph.h"

#include <QString>

#include <vector>

namespace atomnet
{

/// A convolution or fully connected layer of an atomnet-1 graph: what has weights of its own. A pointwise pair has two
/// (part 0 expands, part 1 projects), every other weighted atom one.
struct WeightUnit {
    int atom = -1;
    int part = 0;
    QString name;           ///< in weight files: "stages.0.1.0.dw" (stage, block, repeat, part) or "head.classifier"
    bool depthwise = false; ///< then in == 1
    int out = 0, kernel = 1, in = 0;
    bool batchNorm = false; ///< conv without bias + batch norm in training; else a bias of its own
    KeyAct act = KeyAct::None;
    [[nodiscard]] qint64 inputsPerOutput() const { return qint64(kernel) * kernel * in; }
    [[nodiscard]] qint64 weightCount() const { return out * inputsPerOutput(); }
    bool operator==(const WeightUnit &) const = default;
};

/// In execution order. Parts: conv, dw, pw, expand, project, se.reduce, se.expand; head.conv, head.hidden,
/// head.classifier. Convolutions have batch norm, squeeze-and-excite and fully connected layers a bias.
/// A weight file names them <name>.conv.weight [out][in][k][k], <name>.bn.weight/.bias/.running_mean/.running_var, or
/// <name>.weight ([out][in], for se.* also [out][in][1][1]) and <name>.bias. `graph` is of runtime atomnet-1.
[[nodiscard]] std::vector<WeightUnit> weightUnits(const AtomGraph &graph);

} // namespace atomnet
