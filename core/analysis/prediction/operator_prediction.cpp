#include "core/analysis/prediction/operator_prediction.h"

#include "core/analysis/flash.h"
#include "core/analysis/kernel_facts.h"
#include "core/analysis/timing.h"

#include <algorithm>

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

/// The published file holds adds and multiplications of two tensors without telling which is
/// which, so they stand in AtomDB as adds.
AtomKey asMeasured(const AtomKey &key, Runtime runtime)
{
    AtomKey measured = key;
    if (runtime == Runtime::XCubeAi72 && key.kind == AtomKind::Mul) measured.kind = AtomKind::Add;
    return measured;
}

/// Why the model extrapolates, and what it goes by where networks taught it.
QString extrapolationOf(const LatencyModel &model, const AtomKey &key)
{
    QString reason = extrapolationReason(model, key);
    const KindModel *kind = model.kind(key.kind);
    const bool seen = kind && std::find(kind->kernels.begin(), kind->kernels.end(),
                                        int(key.kernelH)) != kind->kernels.end();
    if (reason.isEmpty() || seen || key.kernelH != key.kernelW) return reason;
    for (const KernelRatio &learned : model.kernelRatios)
        if (learned.kind == key.kind && learned.kernel == key.kernelH)
            reason += QStringLiteral("; whole networks tell %1 +- %2 times the nearest one")
                          .arg(learned.ratio, 0, 'f', 2)
                          .arg(learned.standardError, 0, 'f', 2);
    return reason;
}

} // namespace

OperatorPrediction predictOperator(const AtomKey &key, const Target &target,
                                   const Knowledge &knowledge)
{
    OperatorPrediction prediction;
    prediction.key = key;
    const AtomKey known = asMeasured(key, target.runtime);
    TimingBasis basis = timingBasis(target, knowledge);
    prediction.latency = operatorLatency(known, basis);
    if (basis.model) prediction.extrapolation = extrapolationOf(*basis.model, known);
    basis.table = nullptr; // from here on as if nobody had measured it
    prediction.predicted = operatorLatency(known, basis);
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
