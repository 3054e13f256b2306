#include "core/analysis/prediction/operator_prediction.h"

#include "core/analysis/flash.h"
#include "core/analysis/kernel_facts.h"
#include "core/analysis/timing.h"

namespace atomnet
{

namespace
{

PredictedBytes exactly(qint64 bytes)
{
    return {bytes, bytes, bytes, Source::Estimated};
}

/// What X-CUBE-AI's own reports imply (sram_xcubeai.h): a pointwise convolution's buffers, the
/// vectors of a squeeze-and-excite module. What its other convolutions need is in no data.
PredictedBytes xCubeAiScratch(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Pointwise:
        return exactly(qint64(4) * key.inC + qint64(10) * key.outC);
    case AtomKind::SqueezeExcite:
        return exactly(qint64(11) * key.inC + qint64(5) * key.squeeze);
    case AtomKind::Pad:
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
        return exactly(0);
    default:
        return {};
    }
}

} // namespace

OperatorPrediction predictOperator(const AtomKey &key, const Target &target,
                                   const Knowledge &knowledge)
{
    OperatorPrediction prediction;
    prediction.key = key;
    TimingBasis basis = timingBasis(target, knowledge);
    prediction.latency = operatorLatency(key, basis);
    if (basis.model) prediction.extrapolation = extrapolationReason(*basis.model, key);
    basis.table = nullptr; // from here on as if nobody had measured it
    prediction.predicted = operatorLatency(key, basis);
    if (prediction.predicted.fromInstructions)
        prediction.extrapolation =
            QStringLiteral("nothing was measured on this board; from instructions");
    if (!isMeasurable(key)) return prediction;
    prediction.flash = exactly(layerFlashBytes(target.runtime, key));
    prediction.scratch =
        target.runtime == Runtime::XCubeAi72 ? xCubeAiScratch(key) : exactly(scratchBytes(key));
    return prediction;
}

} // namespace atomnet
