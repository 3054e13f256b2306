#include "app/window/run_window.h"

#include "app/window/main_window.h"

#include <QApplication>

namespace atomnet
{

int runWindow(int &argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("AtomNet Designer"));
    QStringList files = QApplication::arguments().mid(1);
    files.removeIf([](const QString &argument) { return argument.startsWith(u'-'); });
    MainWindow window;
    window.start(files);
    window.show();
    return QApplication::exec();
}

} // namespace atomnet
