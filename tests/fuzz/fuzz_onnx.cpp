// Any bytes as ONNX: reading never crashes, and what it accepts is consistent.
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
    const Result<WeightFile> file = readOnnxWeights(bytes, name);
    if (!file) {
        require(file.error().code == ErrorCode::BadInput, "an unusable file is bad input");
        require(!file.error().what.isEmpty(), "an error has a sentence");
        require(file.error().where == name, "an error has a place");
        return 0;
    }
    require(!file->tensors.empty(), "an accepted model has weights");
    for (const NamedTensor &tensor : file->tensors)
        require(elementCount(tensor.shape) == qint64(tensor.values.size()), "values are complete");
    // As many units as the file has, of any shape: whether they fit or not, nothing breaks.
    std::vector<WeightUnit> units(file->tensors.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        units[i].name = QStringLiteral("u%1").arg(i);
        units[i].out = units[i].in = 1;
    }
    const Result<FloatWeights> weights = assignWeights(units, *file, name);
    require(!weights || weights->units.size() == units.size(), "accepted weights are complete");
    return 0;
}
