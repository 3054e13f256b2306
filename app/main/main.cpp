#include "app/cli/cli.h"
#include "app/window/run_window.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    // The name makes the data folder (<XDG data>/atomnet-designer); an organisation would add a
    // level to it.
    QCoreApplication::setApplicationName(QStringLiteral("atomnet-designer"));
    QCoreApplication::setApplicationVersion(QStringLiteral(ATOMNET_VERSION));

    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    if (!atomnet::isCommandLine(arguments)) return atomnet::runWindow(argc, argv);

    QCoreApplication application(argc, argv);
    QTextStream out(stdout);
    QTextStream err(stderr);
    return atomnet::runCommandLine(arguments, out, err);
}
