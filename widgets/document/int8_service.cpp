#include "widgets/document/int8_service.h"

namespace atomnet
{

namespace
{

/// A part of a longer run.
RunControl partOf(const RunControl &whole, double from, double to)
{
    RunControl part;
    part.isCancelled = whole.isCancelled;
    part.reportProgress = [whole, from, to](double share) {
        whole.progress(from + share * (to - from));
    };
    return part;
}

Result<QuantisationResult> quantised(const Network &network, const QuantSource &source,
                                     const RunControl &control)
{
    const Result<Prepared> prepared = prepare(network, source, partOf(control, 0, 0.8));
    if (!prepared) return tl::make_unexpected(prepared.error());
    const Result<Program> program =
        makeProgram(prepared->quantized, prepared->plan, prepared->layerNames);
    if (!program) return tl::make_unexpected(program.error());
    const auto samples = calibrationSamples(*prepared, source, sqnrSamples);
    if (!samples) return tl::make_unexpected(samples.error());
    auto layers = layerSqnr(prepared->quantized, *program, prepared->weights, **samples,
                            partOf(control, 0.8, 1));
    if (!layers) return tl::make_unexpected(layers.error());
    return QuantisationResult{network, prepared->weights.trained, std::move(*layers),
                              program->arenaBytes, (*samples)->count()};
}

Result<EvaluationResult> evaluatedOn(const Network &network, const QuantSource &source,
                                     const QString &data, const RunControl &control)
{
    const Result<Prepared> prepared = prepare(network, source, partOf(control, 0, 0.3));
    if (!prepared) return tl::make_unexpected(prepared.error());
    const Result<Program> program =
        makeProgram(prepared->quantized, prepared->plan, prepared->layerNames);
    if (!program) return tl::make_unexpected(program.error());
    const auto samples = openSamples(data, {network.input, prepared->quantized.normalisation, 0});
    if (!samples) return tl::make_unexpected(samples.error());
    auto evaluation = atomnet::evaluate(prepared->quantized, *program, prepared->weights, **samples,
                                        partOf(control, 0.3, 1));
    if (!evaluation) return tl::make_unexpected(evaluation.error());
    return EvaluationResult{network, std::move(*evaluation)};
}

} // namespace

Int8Service::Int8Service(QObject *parent)
    : QObject(parent), m_cancel(std::make_shared<std::atomic_bool>(false))
{
    m_pool.setMaxThreadCount(1);
}

Int8Service::~Int8Service()
{
    cancel();
    m_pool.waitForDone();
}

void Int8Service::exportDesign(const Network &network, const ExportRequest &request)
{
    enqueue(QStringLiteral("Exporting as %1").arg(displayName(request.format)),
            [=, this](const RunControl &control) -> Outcome {
                const Result<ExportSummary> summary =
                    atomnet::exportDesign(network, request, control);
                if (!summary) return failure(summary.error());
                return [this, summary = *summary] { Q_EMIT exported(summary); };
            });
}

void Int8Service::quantize(const Network &network, const QuantSource &source)
{
    enqueue(QStringLiteral("Quantising"), [=, this](const RunControl &control) -> Outcome {
        Result<QuantisationResult> result = quantised(network, source, control);
        if (!result) return failure(result.error());
        auto shared = std::make_shared<const QuantisationResult>(std::move(*result));
        return [this, shared] { Q_EMIT quantized(shared); };
    });
}

void Int8Service::evaluate(const Network &network, const QuantSource &source, const QString &data)
{
    enqueue(QStringLiteral("Evaluating"), [=, this](const RunControl &control) -> Outcome {
        Result<EvaluationResult> result = evaluatedOn(network, source, data, control);
        if (!result) return failure(result.error());
        auto shared = std::make_shared<const EvaluationResult>(std::move(*result));
        return [this, shared] { Q_EMIT evaluated(shared); };
    });
}

void Int8Service::cancel()
{
    m_cancel->store(true);
    m_cancel = std::make_shared<std::atomic_bool>(false); // what is asked from now on runs
}

Int8Service::Outcome Int8Service::failure(const Error &error)
{
    if (error.code == ErrorCode::Cancelled) return [] {};
    return [this, error] { Q_EMIT failed(error); };
}

void Int8Service::enqueue(const QString &what, std::function<Outcome(const RunControl &)> work)
{
    ++m_running;
    m_pool.start([this, what, work = std::move(work), cancel = m_cancel] {
        RunControl control;
        control.isCancelled = [cancel] { return cancel->load(); };
        control.reportProgress = [this, what, cancel](double share) {
            QMetaObject::invokeMethod(this, [this, what, share, cancel] {
                if (m_running > 0 && !cancel->load()) Q_EMIT progress(what, share);
            });
        };
        control.progress(0);
        const Outcome outcome = cancel->load() ? Outcome([] {}) : work(control);
        QMetaObject::invokeMethod(this, [this, outcome] {
            outcome();
            --m_running;
            Q_EMIT finished();
        });
    });
}

} // namespace atomnet
