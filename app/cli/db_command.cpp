#include "app/cli/commands.h"
#include "app/cli/db_database.h"
#include "app/cli/db_fit.h"
#include "app/cli/db_output.h"
#include "app/cli/db_plan.h"
#include "app/cli/db_predict.h"
#include "app/cli/db_rebuild.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/atomdb/shipped_atomdb.h"

#include <QFileInfo>

namespace atomnet
{

namespace
{

const OptionSpec dbOption = databaseOption();
const OptionSpec jsonOption{QStringLiteral("json"), {}, QStringLiteral("print JSON")};

Result<> mustExist(const QString &path)
{
    if (QFileInfo::exists(path)) return {};
    return fail(ErrorCode::BadInput, QStringLiteral("there is no such file"), path);
}

Result<int> importFiles(const ParsedCommand &command, Console &console)
{
    for (const QString &file : command.arguments) {
        if (auto there = mustExist(file); !there) return tl::make_unexpected(there.error());
    }
    auto db = openAtomDb(databasePath(command));
    if (!db) return tl::make_unexpected(db.error());
    std::vector<ImportReport> reports;
    std::optional<Error> error;
    for (const QString &file : command.arguments) {
        ProgressLine progress(console, QStringLiteral("importing %1").arg(file));
        auto report = db->importCsv(file, AtomDb::xCubeAiH743(), progress.control());
        progress.finished();
        if (!report) {
            error = report.error();
            break;
        }
        reports.push_back(*std::move(report));
    }
    // What was taken over before a file failed stays, so it is told as well.
    const int models = reports.empty() ? 0 : refitModels(*db, console);
    if (command.has(QStringLiteral("json")))
        console.out << importJson(databasePath(command), reports, models);
    else
        console.out << importText(reports, models);
    if (error) return tl::make_unexpected(*error);
    return 0;
}

Result<int> showInfo(const ParsedCommand &command, Console &console)
{
    const auto db = openExisting(databasePath(command));
    if (!db) return tl::make_unexpected(db.error());
    const auto info = db->info();
    if (!info) return tl::make_unexpected(info.error());
    console.out << (command.has(QStringLiteral("json")) ? infoJson(*info) : infoText(*info));
    return 0;
}

Result<int> exportFile(const ParsedCommand &command, Console &console)
{
    const QString file = command.arguments.first();
    if (sameFile(file, databasePath(command)))
        return fail(ErrorCode::Usage,
                    QStringLiteral("this is the AtomDB itself; name another file to export to"),
                    file);
    const auto db = openExisting(databasePath(command));
    if (!db) return tl::make_unexpected(db.error());
    ProgressLine progress(console, QStringLiteral("exporting %1").arg(file));
    const auto samples = db->exportCsv(file, progress.control());
    progress.finished();
    if (!samples) return tl::make_unexpected(samples.error());
    console.out << (command.has(QStringLiteral("json")) ? exportJson(file, *samples)
                                                        : exportText(file, *samples));
    return 0;
}

Result<int> mergeFile(const ParsedCommand &command, Console &console)
{
    const QString file = command.arguments.first();
    if (auto there = mustExist(file); !there) return tl::make_unexpected(there.error());
    if (sameFile(file, databasePath(command)))
        return fail(ErrorCode::Usage, QStringLiteral("an AtomDB cannot be merged into itself"),
                    file);
    auto db = openAtomDb(databasePath(command));
    if (!db) return tl::make_unexpected(db.error());
    ProgressLine progress(console, QStringLiteral("merging %1").arg(file));
    const auto report = db->merge(file, progress.control());
    progress.finished();
    if (!report) return tl::make_unexpected(report.error());
    const int models = refitModels(*db, console);
    console.out << (command.has(QStringLiteral("json")) ? mergeJson(*report, models)
                                                        : mergeText(*report, models));
    return 0;
}

struct DbCommand {
    QString name;
    CommandSpec spec;
    Result<int> (*run)(const ParsedCommand &, Console &);
};

std::vector<DbCommand> dbCommands()
{
    return {
        {QStringLiteral("import"),
         {QStringLiteral("db import CSV... [options]"),
          QStringLiteral(
              "Takes over measurements: the authors' atomdb.csv and atomdb_se.csv, or an export "
              "of\n"
              "ours. What was repaired or left out is listed. Importing again changes nothing."),
          {dbOption, jsonOption},
          1,
          -1},
         importFiles},
        {QStringLiteral("info"),
         {QStringLiteral("db info [options]"),
          QStringLiteral("Tells what the AtomDB holds."),
          {dbOption, jsonOption},
          0,
          0},
         showInfo},
        {QStringLiteral("export"),
         {QStringLiteral("db export FILE [options]"),
          QStringLiteral(
              "Writes all samples of operators to FILE as CSV; importing that gives an equal "
              "AtomDB.\nWhole networks' latencies are not in it (db merge takes those over), nor "
              "are models."),
          {dbOption, jsonOption},
          1,
          1},
         exportFile},
        {QStringLiteral("merge"),
         {QStringLiteral("db merge FILE [options]"),
          QStringLiteral(
              "Takes over what the AtomDB in FILE holds and yours lacks, and lists operators on\n"
              "which the two disagree."),
          {dbOption, jsonOption},
          1,
          1},
         mergeFile},
        {QStringLiteral("fit"), dbFitSpec(), dbFit},
        {QStringLiteral("predict"), dbPredictSpec(), dbPredict},
        {QStringLiteral("rebuild"), dbRebuildSpec(), dbRebuild},
        {QStringLiteral("plan"), dbPlanSpec(), dbPlan},
    };
}

} // namespace

Result<int> dbCommand(const QStringList &arguments, Console &console)
{
    const std::vector<DbCommand> commands = dbCommands();
    const QString name = arguments.value(0);
    for (const DbCommand &candidate : commands) {
        if (candidate.name != name) continue;
        const auto command = parseCommand(candidate.spec, arguments.mid(1));
        if (!command) return tl::make_unexpected(command.error());
        if (!command->help) return candidate.run(*command, console);
        console.out << helpText(candidate.spec);
        return 0;
    }
    if (name == u"--help" || name == u"-h") {
        for (const DbCommand &command : commands)
            console.out << helpText(command.spec) << '\n';
        return 0;
    }
    return fail(ErrorCode::Usage,
                QStringLiteral("say which: import, info, export, merge, fit, predict, rebuild or "
                               "plan; see atomnet-designer "
                               "db --help"),
                QStringLiteral("db"));
}

} // namespace atomnet
