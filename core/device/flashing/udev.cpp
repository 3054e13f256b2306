#include "core/device/flashing/doctor.h"

#include "core/base/atomic_file.h"
#include "core/device/flashing/own_command.h"
#include "core/device/flashing/tool_runner.h"
#include "core/model/resource.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace atomnet
{

namespace
{

constexpr int udevMs = 10'000;

QString quoted(const QString &path)
{
    return path.contains(QLatin1Char(' ')) ? QLatin1Char('\'') + path + QLatin1Char('\'') : path;
}

} // namespace

QString ownCommand(const QString &arguments)
{
    // sudo has another PATH: name the very file, when this is the designer and not a test of it.
    const QString name = QStringLiteral("atomnet-designer");
    const QString path =
        QCoreApplication::instance() ? QCoreApplication::applicationFilePath() : QString();
    const bool designer = QFileInfo(path).fileName() == name;
    return (designer ? quoted(path) : name) + QLatin1Char(' ') + arguments;
}

QString installRulesCommand()
{
    return QStringLiteral("sudo ") + ownCommand(QStringLiteral("doctor --install-udev"));
}

QByteArray udevRules()
{
    return resource(QStringLiteral("udev/70-atomnet-designer.rules"));
}

Result<> installUdevRules(const QString &path)
{
    if (const QString reason = writeAtomically(path, udevRules()); !reason.isEmpty())
        return fail(ErrorCode::Io,
                    QStringLiteral("the rules cannot be written: %1; run: %2")
                        .arg(reason, installRulesCommand()),
                    path);
    // udev reads them as root, people may look at them.
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup |
                                    QFile::ReadOther);
    const QString udevadm = QStringLiteral("udevadm");
    for (const QStringList &arguments :
         {QStringList{QStringLiteral("control"), QStringLiteral("--reload-rules")},
          QStringList{QStringLiteral("trigger"), QStringLiteral("--subsystem-match=usb"),
                      QStringLiteral("--subsystem-match=tty")}}) {
        const ToolRun run = runTool({udevadm, arguments}, udevMs);
        if (run.end != ToolRun::End::Finished || run.exitCode != 0)
            return fail(ErrorCode::Io,
                        QStringLiteral("the rules are written, but udev could not be told (%1); "
                                       "restart the computer, or run: sudo udevadm control "
                                       "--reload-rules && sudo udevadm trigger")
                            .arg(run.end == ToolRun::End::Missing
                                     ? QStringLiteral("there is no udevadm")
                                     : run.output.trimmed().section(QLatin1Char('\n'), 0, 0)),
                        path);
    }
    return {};
}

} // namespace atomnet
