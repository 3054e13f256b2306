#include "tests/support/python_tools.h"

#include <QProcess>

namespace atomnet::test
{

PythonRun runPython(const QString &python, const QStringList &arguments, const QString &folder,
                    int timeoutSeconds)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
    environment.insert(QStringLiteral("OMP_NUM_THREADS"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.start(python, arguments);
    PythonRun run;
    if (!process.waitForFinished(timeoutSeconds * 1000)) {
        process.kill();
        process.waitForFinished();
        return run;
    }
    if (process.exitStatus() == QProcess::NormalExit) run.exitCode = process.exitCode();
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

QString pythonWith(const QStringList &modules)
{
    const QString script =
        QStringLiteral("import importlib.util as u, sys\n"
                       "sys.exit(not all(u.find_spec(m) for m in sys.argv[1:]))");
    for (const auto *python : {"/usr/bin/python3", "python3"}) // Debian's own has Debian's packages
        if (runPython(QLatin1String(python), QStringList{QStringLiteral("-c"), script} + modules)
                .exitCode == 0)
            return QLatin1String(python);
    return {};
}

} // namespace atomnet::test
