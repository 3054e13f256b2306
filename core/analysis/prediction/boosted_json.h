#pragma once

#include "core/analysis/prediction/boosted_kind.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QJsonValue>

// BoostedKind as part of a latency model's file.
namespace atomnet
{

/// {"linear_half_width_90", "ranges": [[trait, least, most], ...], "levels": [[from, width], ...],
/// "axes": [[trait, border, ...], ...], "correction": {"base", "trees": [[code, ...], ...]},
/// "difficulty": ...}. A tree is written level by level, a number a node: a split is
/// 2 * (64 * axis + bin), its children are the next two nodes that no split before it has; a leaf
/// is 2 * value + 1.
[[nodiscard]] QByteArray writeBoosted(const BoostedKind &kind);
/// BadInput for anything that writeBoosted() cannot have written; a tree that is read has no
/// cycles.
[[nodiscard]] Result<BoostedKind> readBoosted(const QJsonValue &json);

} // namespace atomnet
