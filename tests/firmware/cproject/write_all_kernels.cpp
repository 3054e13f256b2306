// write_all_kernels FOLDER: a C project that links every kernel, for measure_footprint.py to look
// at. It is never run.
#include "tests/core/exporters/hand_made_model.h"
#include "tests/support/c_project.h"

using namespace atomnet;
using namespace atomnet::test;

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    CModel model = handMadeModel();
    model.vectors = {{1, 128, std::vector<qint8>(4), {}}};
    const OutputStage stage{.bias = 1, .multiplier = 2, .table = 3, .zeroPoint = 0, .shift = 0};
    const std::vector<Call> others{
        ConvCall{{8, 8, 4}, 4, 3, 1, 0, 1, 0, stage}, PointwiseCall{64, 4, 4, 1, 0, stage},
        PairCall{64, 4, 4, 4, 1, 1, 0, 0, stage, stage}, DenseCall{4, 4, 4, 0, stage}};
    for (const Call &call : others)
        model.program.steps.push_back({-1, QStringLiteral("one more"), call, {0, -1}, 0, 4, 0});
    model.vectors[0].layerCrcs.resize(model.program.steps.size());
    return writeFiles(projectFiles(model), QString::fromLocal8Bit(argv[1])) ? 0 : 1;
}
