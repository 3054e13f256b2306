#include "core/analysis/prediction/refit.h"

namespace atomnet
{

namespace
{

RunControl partOf(const RunControl &control, double from, double share)
{
    return {control.isCancelled,
            [&control, from, share](double done) { control.progress(from + done * share); }};
}

/// What the model says of this network after learning from all others.
Result<qint64> leftOut(std::size_t index, const std::vector<NetworkLatency> &networks,
                       const Target &target, const Knowledge &knowledge)
{
    std::vector<NetworkLatency> others = networks;
    others.erase(others.begin() + qsizetype(index));
    const auto fit = learnFromNetworks(others, target, knowledge);
    if (!fit) return tl::make_unexpected(fit.error());
    LatencyModel model = *knowledge.model;
    model.kernelRatios = kernelRatios(*fit);
    Knowledge learned = knowledge;
    learned.model = std::make_shared<const LatencyModel>(std::move(model));
    const auto report = analyze(networks[index].network, target, learned);
    if (!report) return tl::make_unexpected(report.error());
    return report->latency.source == Source::Missing ? 0 : report->latency.value;
}

} // namespace

Result<ModelValidation> validateModel(const AtomTable &table, const Target &target,
                                      const std::vector<NetworkLatency> &networks,
                                      const RunControl &control)
{
    constexpr double kindsShare = 0.85; // of the time: the folds of all kinds
    ModelValidation validation;
    const auto model = fitLatencyModel(table, partOf(control, 0, 1 - kindsShare));
    if (!model) return tl::make_unexpected(model.error());
    const Knowledge knowledge{{std::shared_ptr<const AtomTable>(), &table},
                              std::make_shared<const LatencyModel>(*model)};
    auto fit = learnFromNetworks(networks, target, knowledge);
    if (!fit) return tl::make_unexpected(fit.error());
    validation.fit = *std::move(fit);
    for (std::size_t i = 0; i < networks.size(); ++i) {
        if (control.cancelled()) break;
        const auto predicted = leftOut(i, networks, target, knowledge);
        if (!predicted) continue; // a design that this runtime cannot run tells nothing
        validation.networks.push_back({networks[i].name, networks[i].latency, *predicted});
    }
    validation.kinds = validateKinds(table, partOf(control, 1 - kindsShare, kindsShare));
    if (control.cancelled())
        return fail(ErrorCode::Cancelled, QStringLiteral("the validation was stopped"));
    return validation;
}

} // namespace atomnet
