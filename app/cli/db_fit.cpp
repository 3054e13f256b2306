#include "app/cli/db_fit.h"

#include "app/cli/db_database.h"
#include "app/cli/db_output.h"
#include "app/cli/progress_line.h"
#include "app/cli/target_options.h"
#include "app/cli/validation_output.h"
#include "core/analysis/knowledge.h"
#include "core/analysis/prediction/refit.h"
#include "core/base/atomic_file.h"

namespace atomnet
{

namespace
{

/// The samples to fit on, and the networks to learn from.
struct FitInput {
    AtomTable table;
    std::vector<NetworkLatency> networks;
};

Result<FitInput> fitInput(const AtomDb &db, const Target &target)
{
    const QString runtime = runtimeId(target.runtime);
    auto table = db.table(target.board.id, runtime, kernelVersion(target.runtime));
    if (!table) return tl::make_unexpected(table.error());
    const auto choice = modelFor(db, *table, target.board.id, runtime);
    if (!choice) return tl::make_unexpected(choice.error());
    auto networks = knownNetworks(db, choice->condition, target);
    if (!networks) return tl::make_unexpected(networks.error());
    return FitInput{*std::move(table), *std::move(networks)};
}

Result<int> validate(const FitInput &input, const Target &target, bool json, Console &console)
{
    const Interruptible interruptible;
    ProgressLine progress(console, QStringLiteral("validating"));
    const auto validation = validateModel(input.table, target, input.networks,
                                          interruptible.control(progress.control()));
    progress.finished();
    if (!validation) return tl::make_unexpected(validation.error());
    console.out << (json ? validationJson(*validation, input.table)
                         : validationText(*validation, input.table));
    return 0;
}

} // namespace

CommandSpec dbFitSpec()
{
    return {
        QStringLiteral("db fit [-o FILE] [--validate] [options]"),
        QStringLiteral(
            "Fits the latency model that estimates operators without samples, and writes it to\n"
            "FILE or prints it. With --validate instead: how well such a model predicts operators\n"
            "and networks that were held out of the fit, what whole networks taught it, and what\n"
            "the data cannot tell apart. Imports, merges and measurements fit models by "
            "themselves."),
        {{QStringLiteral("o"), QStringLiteral("FILE"), QStringLiteral("write the model to FILE")},
         {QStringLiteral("validate"),
          {},
          QStringLiteral("hold operators and networks out and predict them")},
         {QStringLiteral("linear"),
          {},
          QStringLiteral("the small linear model alone, as it ships")},
         boardOption(),
         runtimeOption(),
         databaseOption(),
         {QStringLiteral("json"),
          {},
          QStringLiteral("print the summary of -o or --validate as JSON")}},
        0,
        0};
}

Result<int> dbFit(const ParsedCommand &command, Console &console)
{
    const auto target = targetOf(command);
    if (!target) return tl::make_unexpected(target.error());
    const QString path = databasePath(command);
    const QString file = command.value(QStringLiteral("o"));
    const bool json = command.has(QStringLiteral("json"));
    if (command.has(QStringLiteral("validate")) &&
        (!file.isEmpty() || command.has(QStringLiteral("linear"))))
        return fail(ErrorCode::Usage,
                    QStringLiteral("--validate writes no model; leave -o and --linear away"),
                    QStringLiteral("db fit"));
    if (!file.isEmpty() && sameFile(file, path))
        return fail(ErrorCode::Usage,
                    QStringLiteral("this is the AtomDB itself; name another file for the model"),
                    file);
    const auto db = openExisting(path);
    if (!db) return tl::make_unexpected(db.error());
    const auto input = fitInput(*db, *target);
    if (!input) return tl::make_unexpected(input.error());
    if (command.has(QStringLiteral("validate"))) return validate(*input, *target, json, console);

    ProgressLine progress(console, QStringLiteral("fitting"));
    const auto model = command.has(QStringLiteral("linear"))
                           ? fitLinearModel(input->table, progress.control())
                           : fitModel(input->table, *target, input->networks, progress.control());
    progress.finished();
    if (!model) return tl::make_unexpected(model.error());
    const QByteArray written = writeLatencyModel(*model);
    if (file.isEmpty()) {
        console.out << QString::fromUtf8(written);
        return 0;
    }
    if (const QString reason = writeAtomically(file, written); !reason.isEmpty())
        return fail(
            ErrorCode::Io,
            QStringLiteral("the model cannot be written: %1; choose another file").arg(reason),
            file);
    console.out << (json ? fitJson(*model) : fitText(*model));
    return 0;
}

} // namespace atomnet
