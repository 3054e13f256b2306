#include "app/cli/db_rebuild.h"

#include "app/cli/progress_line.h"
#include "core/measuring/default_db.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace atomnet
{

namespace
{

constexpr int defaultRows = 50;
constexpr int differencesInText = 20;

Result<std::vector<DeviceAddress>> devicesOf(const ParsedCommand &command)
{
    QStringList given = command.repeated.value(QStringLiteral("device"));
    if (given.isEmpty()) given = {QStringLiteral("qemu-m4"), QStringLiteral("qemu-m7")};
    std::vector<DeviceAddress> devices;
    for (const QString &text : given) {
        const auto address = deviceAddress(text);
        if (!address) return tl::make_unexpected(address.error());
        devices.push_back(*address);
    }
    return devices;
}

Result<quint32> numberOf(const ParsedCommand &command, const QString &option, quint32 otherwise)
{
    if (!command.has(option)) return otherwise;
    bool good = false;
    const quint32 number = command.value(option).toUInt(&good);
    if (good) return number;
    return fail(ErrorCode::Usage,
                QStringLiteral("'%1' is no whole number").arg(command.value(option)),
                QStringLiteral("--") + option);
}

/// Notes go to the error stream, so that results stay safe to pipe.
MeasureListener listenerOf(Console &console, const RunControl &progress)
{
    MeasureListener listener;
    listener.note = [&console](const QString &note) {
        if (console.showProgress) console.err << '\r';
        console.err << note << '\n';
        console.err.flush();
    };
    listener.progress = [progress](int done, int all, qint64) {
        progress.progress(double(done) / double(all));
    };
    return listener;
}

QString toText(const RowCheck &check)
{
    QString text = QStringLiteral("%1: %2 rows measured again, ").arg(check.board).arg(check.rows);
    if (check.differences.empty()) return text + QStringLiteral("all equal\n");
    text += QStringLiteral("%1 differ:\n").arg(check.differences.size());
    for (std::size_t i = 0; i < check.differences.size() && i < differencesInText; ++i) {
        const RowDifference &row = check.differences[i];
        text += QStringLiteral("  %1: %2 in the file, %3 now\n")
                    .arg(describe(row.key))
                    .arg(row.stored)
                    .arg(row.measured);
    }
    return text;
}

QJsonObject toJson(const RowCheck &check)
{
    QJsonArray differences;
    for (const RowDifference &row : check.differences)
        differences.append(QJsonObject{{QStringLiteral("operator"), describe(row.key)},
                                       {QStringLiteral("stored"), row.stored},
                                       {QStringLiteral("measured"), row.measured}});
    return {{QStringLiteral("board"), check.board},
            {QStringLiteral("rows"), check.rows},
            {QStringLiteral("differences"), differences}};
}

Result<int> checkRows(const ParsedCommand &command, const std::vector<DeviceAddress> &devices,
                      Console &console, const Interruptible &interruptible)
{
    const auto rows = numberOf(command, QStringLiteral("rows"), defaultRows);
    if (!rows) return tl::make_unexpected(rows.error());
    const auto seed = numberOf(command, QStringLiteral("seed"), 1);
    if (!seed) return tl::make_unexpected(seed.error());
    QJsonArray checks;
    bool equal = true;
    for (const DeviceAddress &device : devices) {
        ProgressLine progress(console, QStringLiteral("measuring on %1").arg(toString(device)));
        const auto check = checkDefaultDb(command.value(QStringLiteral("check")), device,
                                          int(std::min<quint32>(*rows, 1'000'000)), *seed,
                                          listenerOf(console, progress.control()), 0.05,
                                          interruptible.control({}));
        progress.finished();
        if (!check) return tl::make_unexpected(check.error());
        equal = equal && check->differences.empty();
        if (command.has(QStringLiteral("json")))
            checks.append(toJson(*check));
        else
            console.out << toText(*check);
    }
    if (command.has(QStringLiteral("json")))
        console.out << QString::fromUtf8(QJsonDocument(checks).toJson());
    return equal ? 0 : exitCode(ErrorCode::Device);
}

} // namespace

CommandSpec dbRebuildSpec()
{
    return {QStringLiteral("db rebuild -o FILE | --check FILE [options]"),
            QStringLiteral(
                "Measures the operators that ship in AtomDB (of the published AtomNets and of the\n"
                "paper's search space) and writes them to FILE as CSV; or measures some rows of "
                "FILE\nagain and exits with 4 when one differs."),
            {{QStringLiteral("o"), QStringLiteral("FILE"), QStringLiteral("write them to FILE")},
             {QStringLiteral("check"), QStringLiteral("FILE"),
              QStringLiteral("measure rows of FILE again")},
             {QStringLiteral("device"), QStringLiteral("D"),
              QStringLiteral("where; may be given several times; default qemu-m4 and qemu-m7")},
             {QStringLiteral("rows"), QStringLiteral("N"),
              QStringLiteral("how many rows --check measures; default 50")},
             {QStringLiteral("seed"), QStringLiteral("N"),
              QStringLiteral("which rows those are; default 1")},
             {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            0,
            0};
}

Result<int> dbRebuild(const ParsedCommand &command, Console &console)
{
    const bool check = command.has(QStringLiteral("check"));
    if (check == command.has(QStringLiteral("o")))
        return fail(ErrorCode::Usage, QStringLiteral("give either -o FILE or --check FILE"),
                    QStringLiteral("db rebuild"));
    const auto devices = devicesOf(command);
    if (!devices) return tl::make_unexpected(devices.error());
    const Interruptible interruptible;
    if (check) return checkRows(command, *devices, console, interruptible);

    const QString file = command.value(QStringLiteral("o"));
    ProgressLine progress(console, QStringLiteral("measuring"));
    const auto summaries = rebuildDefaultDb(*devices, file, listenerOf(console, progress.control()),
                                            interruptible.control({}));
    progress.finished();
    if (!summaries) return tl::make_unexpected(summaries.error());
    QJsonArray array;
    for (const MeasureSummary &summary : *summaries) {
        if (command.has(QStringLiteral("json")))
            array.append(QJsonObject{{QStringLiteral("board"), summary.condition.board},
                                     {QStringLiteral("operators"), summary.measured},
                                     {QStringLiteral("seconds"), summary.seconds}});
        else
            console.out << QStringLiteral("%1: %2 operators in %3 s\n")
                               .arg(summary.condition.board)
                               .arg(summary.measured)
                               .arg(summary.seconds);
    }
    if (command.has(QStringLiteral("json")))
        console.out << QString::fromUtf8(QJsonDocument(array).toJson());
    return 0;
}

} // namespace atomnet
