// Any bytes as a latency model: reading never crashes, what it accepts is written stably, and its
// estimates end and stay in bounds.
#include "core/analysis/latency_model.h"

#include <cstdio>
#include <cstdlib>

namespace
{

/// Unlike an assertion it stays in every build type.
void require(bool holds, const char *what)
{
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    using namespace atomnet;
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const Result<LatencyModel> model = readLatencyModel(bytes, QStringLiteral("fuzz"));
    if (!model) {
        require(!model.error().what.isEmpty(), "an error has a sentence");
        return 0;
    }
    const QByteArray written = writeLatencyModel(*model);
    const Result<LatencyModel> again = readLatencyModel(written, QStringLiteral("fuzz"));
    require(again.has_value() && *again == *model, "read(write(m)) is m");
    for (int kind = 1; kind < atomKindCount; ++kind)
        for (const int side : {1, 7, 64}) {
            AtomKey key;
            key.kind = AtomKind(kind);
            key.inH = key.inW = key.outH = key.outW = side;
            key.inC = key.outC = 8 * side;
            key.kernelH = key.kernelW = 3;
            const std::optional<Estimate> found = estimate(*model, key);
            if (!found) continue;
            require(found->low >= 0 && found->low <= found->value, "low is a lower bound");
            require(found->value <= found->high && found->high <= maxEstimate, "high is an upper");
            require(found->extrapolated || extrapolationReason(*model, key).isEmpty(),
                    "only extrapolation has a reason");
        }
    return 0;
}
