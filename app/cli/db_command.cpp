#include "app/cli/commands.h"
#include "app/cli/db_output.h"
#include "app/cli/db_plan.h"
#include "app/cli/db_rebuild.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/analysis/knowledge.h"
#include "core/atomdb/shipped_atomdb.h"
#include "core/base/atomic_file.h"
#include "core/model/board.h"
#include "core/model/runtime.h"

#include <QFileInfo>

namespace atomnet
{

namespace
{

const OptionSpec dbOption{QStringLiteral("db"), QStringLiteral("PATH"),
                          QStringLiteral("the AtomDB; default: your own")};
const OptionSpec jsonOption{QStringLiteral("json"), {}, QStringLiteral("print JSON")};

QString databasePath(const ParsedCommand &command)
{
    return command.value(QStringLiteral("db"), AtomDb::defaultPath());
}

/// Opens a database that has to be there already; for the user's own, what ships will do.
Result<AtomDb> openExisting(const QString &path)
{
    const bool ships = path == AtomDb::defaultPath() && !shippedAtomDb().isEmpty();
    if (!ships && !QFileInfo::exists(path))
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("there is no AtomDB here yet; atomnet-designer db import makes one"),
            path);
    return openAtomDb(path, AtomDb::Mode::ReadOnly);
}

Result<> mustExist(const QString &path)
{
    if (QFileInfo::exists(path)) return {};
    return fail(ErrorCode::BadInput, QStringLiteral("there is no such file"), path);
}

bool sameFile(const QString &a, const QString &b)
{
    return QFileInfo(a).absoluteFilePath() == QFileInfo(b).absoluteFilePath();
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
    if (command.has(QStringLiteral("json")))
        console.out << importJson(databasePath(command), reports);
    else
        console.out << importText(reports);
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
    console.out << (command.has(QStringLiteral("json")) ? mergeJson(*report) : mergeText(*report));
    return 0;
}

Result<int> fit(const ParsedCommand &command, Console &console)
{
    const auto board = boardById(command.value(QStringLiteral("board"), defaultBoardId));
    if (!board) return tl::make_unexpected(board.error());
    const auto runtime = runtimeById(command.value(QStringLiteral("runtime"), defaultRuntimeId));
    if (!runtime) return tl::make_unexpected(runtime.error());
    const QString path = databasePath(command);
    const QString file = command.value(QStringLiteral("o"));
    if (!file.isEmpty() && sameFile(file, path))
        return fail(ErrorCode::Usage,
                    QStringLiteral("this is the AtomDB itself; name another file for the model"),
                    file);

    const auto db = openExisting(path);
    if (!db) return tl::make_unexpected(db.error());
    const auto table = db->table(board->id, runtimeId(*runtime), kernelVersion(*runtime));
    if (!table) return tl::make_unexpected(table.error());
    const auto model = fitLatencyModel(*table);
    if (!model) return tl::make_unexpected(model.error());

    const QByteArray json = writeLatencyModel(*model);
    if (file.isEmpty()) {
        console.out << QString::fromUtf8(json);
        return 0;
    }
    if (const QString reason = writeAtomically(file, json); !reason.isEmpty())
        return fail(
            ErrorCode::Io,
            QStringLiteral("the model cannot be written: %1; choose another file").arg(reason),
            file);
    console.out << (command.has(QStringLiteral("json")) ? fitJson(*model) : fitText(*model));
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
              "Writes all samples to FILE as CSV; importing that gives an equal AtomDB."),
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
        {QStringLiteral("fit"),
         {QStringLiteral("db fit [-o FILE] [options]"),
          QStringLiteral(
              "Fits the latency model that estimates operators without samples, and writes it to\n"
              "FILE or prints it."),
          {{QStringLiteral("o"), QStringLiteral("FILE"), QStringLiteral("write the model to FILE")},
           {QStringLiteral("board"), QStringLiteral("B"),
            QStringLiteral("board; default stm32h743")},
           {QStringLiteral("runtime"), QStringLiteral("R"),
            QStringLiteral("runtime; default x-cube-ai-7.2")},
           dbOption,
           {QStringLiteral("json"), {}, QStringLiteral("print the summary of -o as JSON")}},
          0,
          0},
         fit},
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
    return fail(
        ErrorCode::Usage,
        QStringLiteral(
            "say which: import, info, export, merge, fit, rebuild or plan; see atomnet-designer "
            "db --help"),
        QStringLiteral("db"));
}

} // namespace atomnet
