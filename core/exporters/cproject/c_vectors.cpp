#include "core/exporters/cproject/c_model.h"
#include "core/exporters/cproject/crc32.h"
#include "core/inference/runner.h"

namespace atomnet
{

std::vector<qint8> vectorInput(const CVector &vector, qint64 bytes)
{
    std::vector<qint8> input(std::size_t(bytes), 0);
    quint32 x = vector.seed;
    for (qint8 &value : input) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        value = qint8((qint32(x >> 24) - 128) * vector.amplitude / 128);
    }
    return input;
}

Result<std::vector<CVector>> makeVectors(const Program &program)
{
    // The whole range, and a part of it.
    std::vector<CVector> vectors{{20231, 128, {}, {}}, {41879, 32, {}, {}}};
    Runner runner(program);
    for (CVector &vector : vectors) {
        vector.output.resize(std::size_t(program.outputBytes));
        const auto tap = [&vector](const Step &, std::span<const qint8> output) {
            vector.layerCrcs.push_back(
                crc32({reinterpret_cast<const char *>(output.data()), output.size()}));
        };
        const std::vector<qint8> input = vectorInput(vector, program.inputBytes);
        if (auto done = runner.run(input, vector.output, tap); !done)
            return tl::make_unexpected(done.error());
    }
    return vectors;
}

} // namespace atomnet
