#include "core/analysis/flash.h"

#include "core/analysis/kernel_facts.h"
#include "core/analysis/runtime_footprint.h"

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr qint64 actTableBytes = 256;
constexpr qint64 leastError = 1024;

} // namespace

qint64 layerFlashBytes(Runtime runtime, const AtomKey &key)
{
    if (runtime == Runtime::XCubeAi72) return weightBytesOf(key);
    return packedBytes(key) + actTableBytes * actTables(key) + recordBytes(key);
}

RuntimeCode runtimeCode(const AtomGraph &graph, qint64 constants)
{
    if (graph.runtime == Runtime::XCubeAi72) return {175'000, 171'000, 177'000};
    const qint64 code = codeBytes(graph);
    const qint64 error = std::max(leastError, (constants + code) / 200);
    return {code, code - error, code + error};
}

} // namespace atomnet
