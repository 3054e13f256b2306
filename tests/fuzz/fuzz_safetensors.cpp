// Any bytes as safetensors: reading never crashes, and what it accepts is consistent.
#include "core/quant/weight_file.h"

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
    const QString name = QStringLiteral("fuzz");
    const Result<WeightFile> file = readSafetensors(bytes, name);
    if (!file) {
        require(file.error().code == ErrorCode::BadInput, "an unusable file is bad input");
        require(!file.error().what.isEmpty(), "an error has a sentence");
        require(file.error().where == name, "an error has a place");
        return 0;
    }
    qint64 floats = 0;
    for (const NamedTensor &tensor : file->tensors) {
        const auto count = elementCount(tensor.shape);
        require(count.has_value(), "a shape can be counted");
        require(tensor.values.empty() || qint64(tensor.values.size()) == *count,
                "values are complete or absent");
        floats += qint64(tensor.values.size());
    }
    require(floats * 2 <= qint64(size), "no number comes from nowhere");
    // Nothing fits a unit of this name but its own tensors.
    WeightUnit unit;
    unit.name = QStringLiteral("w");
    unit.out = 2;
    unit.in = 1;
    const Result<FloatWeights> weights = assignWeights({unit}, *file, name);
    if (weights)
        require(weights->units.size() == 1 && weights->units[0].weights.size() == 2 &&
                    weights->units[0].bias.size() == 2,
                "accepted weights are complete");
    return 0;
}
