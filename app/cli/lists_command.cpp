#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "core/base/format.h"
#include "core/model/board.h"
#include "core/model/design_file.h"
#include "core/model/presets.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace atomnet
{

namespace
{

const OptionSpec jsonOption{QStringLiteral("json"), {}, QStringLiteral("print JSON")};

QJsonValue orNull(const std::optional<qint64> &value)
{
    return value ? QJsonValue(*value) : QJsonValue();
}

QJsonObject toJson(const Board &board)
{
    return {
        {QStringLiteral("id"), board.id},
        {QStringLiteral("name"), board.name},
        {QStringLiteral("core"), board.core},
        {QStringLiteral("sram_bytes"), board.sramBytes},
        {QStringLiteral("flash_bytes"), board.flashBytes},
        {QStringLiteral("clock_hz"), board.isVirtual ? QJsonValue() : QJsonValue(board.clockHz)},
        {QStringLiteral("virtual"), board.isVirtual}};
}

QJsonObject toJson(const Preset &preset)
{
    const Shape &in = preset.network.input;
    const ReportedFigures &reported = preset.reported;
    return {{QStringLiteral("id"), preset.id},
            {QStringLiteral("name"), preset.network.name},
            {QStringLiteral("input"), QJsonArray{in.h, in.w, in.c}},
            {QStringLiteral("reported"),
             QJsonObject{{QStringLiteral("macs"), orNull(reported.macs)},
                         {QStringLiteral("sram_bytes"), reported.sramBytes},
                         {QStringLiteral("flash_bytes"), reported.flashBytes},
                         {QStringLiteral("latency_ms"),
                          reported.latencyNs ? QJsonValue(double(*reported.latencyNs) / 1e6)
                                             : QJsonValue()}}}};
}

QString presetFile(const QDir &folder, const Preset &preset)
{
    return folder.filePath(preset.id + QStringLiteral(".atomnet"));
}

/// Writes every preset as a file. A file that is there and differs is somebody's work: nothing is
/// written then.
Result<QStringList> writePresets(const QString &path)
{
    const QDir folder(path);
    if (!folder.mkpath(QStringLiteral(".")))
        return fail(ErrorCode::Io, QStringLiteral("the folder cannot be made; choose another one"),
                    path);
    for (const Preset &preset : presets()) {
        QFile file(presetFile(folder, preset));
        if (!file.exists()) continue;
        if (!file.open(QIODevice::ReadOnly) || file.readAll() != writeDesign(preset.network))
            return fail(ErrorCode::Io,
                        QStringLiteral("the file is there already and differs from the preset; "
                                       "move it away or choose another folder"),
                        file.fileName());
    }
    QStringList written;
    for (const Preset &preset : presets()) {
        const QString file = presetFile(folder, preset);
        if (auto saved = saveDesign(preset.network, file); !saved)
            return tl::make_unexpected(saved.error());
        written << file;
    }
    return written;
}

void printPresets(QTextStream &out)
{
    out << QStringLiteral("%1%2%3%4%5%6\n")
               .arg(QStringLiteral("preset"), -22)
               .arg(QStringLiteral("input"), -14)
               .arg(QStringLiteral("MACs"), 8)
               .arg(QStringLiteral("SRAM"), 12)
               .arg(QStringLiteral("Flash"), 12)
               .arg(QStringLiteral("latency"), 10);
    for (const Preset &preset : presets()) {
        const Shape &in = preset.network.input;
        const ReportedFigures &reported = preset.reported;
        const QString none = QStringLiteral("-");
        out << QStringLiteral("%1%2%3%4%5%6\n")
                   .arg(preset.id, -22)
                   .arg(QStringLiteral("%1x%2x%3").arg(in.h).arg(in.w).arg(in.c), -14)
                   .arg(reported.macs ? formatCount(*reported.macs) : none, 8)
                   .arg(formatKib(reported.sramBytes), 12)
                   .arg(formatKib(reported.flashBytes), 12)
                   .arg(reported.latencyNs ? formatMs(*reported.latencyNs) : none, 10);
    }
    out << "\nFigures as the paper reports them for the STM32H743 with X-CUBE-AI 7.2; "
           "atomnet-designer analyze NAME computes them.\n";
}

} // namespace

Result<int> boardsCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec{QStringLiteral("boards [--json]"),
                           QStringLiteral("Lists the boards that a design can be analysed for."),
                           {jsonOption},
                           0,
                           0};
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    if (command->has(QStringLiteral("json"))) {
        QJsonArray list;
        for (const Board &board : boards())
            list.append(toJson(board));
        console.out << QString::fromUtf8(QJsonDocument(list).toJson());
        return 0;
    }
    console.out << QStringLiteral("%1%2%3%4%5\n")
                       .arg(QStringLiteral("board"), -16)
                       .arg(QStringLiteral("core"), -14)
                       .arg(QStringLiteral("SRAM"), 12)
                       .arg(QStringLiteral("Flash"), 12)
                       .arg(QStringLiteral("clock"), 12);
    for (const Board &board : boards()) {
        const QString clock = board.isVirtual
                                  ? QStringLiteral("virtual")
                                  : QStringLiteral("%1 MHz").arg(board.clockHz / 1'000'000);
        console.out << QStringLiteral("%1%2%3%4%5\n")
                           .arg(board.id, -16)
                           .arg(board.core, -14)
                           .arg(formatKib(board.sramBytes), 12)
                           .arg(formatKib(board.flashBytes), 12)
                           .arg(clock, 12);
    }
    return 0;
}

Result<int> presetsCommand(const QStringList &arguments, Console &console)
{
    const CommandSpec spec{
        QStringLiteral("presets [--write DIR] [--json]"),
        QStringLiteral("Lists the published AtomNets with the figures that the paper reports."),
        {{QStringLiteral("write"), QStringLiteral("DIR"),
          QStringLiteral("write each as a design file into DIR")},
         jsonOption},
        0,
        0};
    const auto command = parseCommand(spec, arguments);
    if (!command) return tl::make_unexpected(command.error());
    if (command->help) {
        console.out << helpText(spec);
        return 0;
    }
    QStringList written;
    if (command->has(QStringLiteral("write"))) {
        auto files = writePresets(command->value(QStringLiteral("write")));
        if (!files) return tl::make_unexpected(files.error());
        written = *std::move(files);
    }
    if (command->has(QStringLiteral("json"))) {
        QJsonArray list;
        for (qsizetype i = 0; i < qsizetype(presets().size()); ++i) {
            QJsonObject object = toJson(presets()[std::size_t(i)]);
            if (!written.isEmpty()) object.insert(QStringLiteral("file"), written.at(i));
            list.append(object);
        }
        console.out << QString::fromUtf8(QJsonDocument(list).toJson());
    } else if (!written.isEmpty()) {
        for (const QString &file : written)
            console.out << file << '\n';
    } else {
        printPresets(console.out);
    }
    return 0;
}

} // namespace atomnet
