// The window while a board measures: how long the GUI thread is away from its events, offscreen, at
// 1280 x 800, with the profiler of this computer as the board. Prints one JSON object.
#include "app/window/board_work.h"
#include "app/window/main_window.h"
#include "core/model/presets.h"
#include "tests/app/window/private_folders.h"
#include "widgets/inspectors/board_panel.h"
#include "widgets/inspectors/device_list.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <ctime>

using namespace atomnet;

namespace
{

FoundDevice hostBoard()
{
    FoundDevice device;
    device.what = FoundDevice::What::VirtualBoard;
    device.address = {DeviceAddress::Kind::Emulator, QStringLiteral("host"), 0, {}};
    device.name = QStringLiteral("This computer");
    return device;
}

DeviceAccess hostAccess()
{
    DeviceAccess access;
    access.find = [] { return std::vector<FoundDevice>{hostBoard()}; };
    access.makeLink = [](const DeviceAddress &) {
        return makeLink(
            {DeviceAddress::Kind::Program, QStringLiteral(ATOMNET_HOST_PROFILER), 0, {}});
    };
    return access;
}

double quantile(std::vector<double> values, double q)
{
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(q * double(values.size())))];
}

double threadMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// Passes over the event loop's events, each timed: what a frame would have had to wait.
class Frames : public QApplication
{
public:
    using QApplication::QApplication;
    bool recording = false;
    std::vector<double> milliseconds;
    std::vector<double>
        cpu; ///< of them, what this thread worked: the rest others had the processor

    void run(const std::function<bool()> &until, qint64 patienceMs)
    {
        QElapsedTimer all;
        all.start();
        while (!until() && all.elapsed() < patienceMs) {
            QElapsedTimer frame;
            frame.start();
            const double before = threadMilliseconds();
            processEvents();
            sendPostedEvents(nullptr, QEvent::DeferredDelete);
            const double took = double(frame.nsecsElapsed()) / 1e6;
            if (recording) milliseconds.push_back(took);
            if (recording) cpu.push_back(threadMilliseconds() - before);
            QThread::msleep(4);
        }
    }
};

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("ATOMNET_SHIPPED_ATOMDB", "");
    const PrivateFolders folders;
    Frames app(argc, argv);
    MainWindow window(folders.file(QStringLiteral("atomdb.sqlite")), hostAccess());
    window.setAsk([](const QString &) { return QMessageBox::Discard; });
    window.resize(1280, 800);
    window.start();
    window.openPreset(QStringLiteral("atomnet-256kb-max"));
    Target target = window.document().target();
    target.board.id = QStringLiteral("host");
    target.board.name = QStringLiteral("This computer");
    target.runtime = Runtime::AtomNet1;
    if (const auto set = window.document().setTarget(target); !set)
        qFatal("%s", qPrintable(set.error().message()));
    window.show();
    BoardWork &work = *window.boardWork();
    const auto ready = [&] {
        return window.boardPanel()->list().choose(hostBoard().address) &&
               window.runner().committed() &&
               window.runner().committed()->target == window.document().target();
    };
    app.run(ready, 20'000);

    int finished = 0, operators = 0, reports = 0, between = 0;
    QObject::connect(&work.service(), &DeviceService::finished, &window, [&] { ++finished; });
    QObject::connect(&work.service(), &DeviceService::measured, &window, [&] { ++operators; });
    QObject::connect(&window.runner(), &AnalysisRunner::reportReady, &window,
                     [&](const ReportPtr &report) {
                         ++reports;
                         between += report->measuredLayers > 0 &&
                                    report->measuredLayers < int(report->layers.size());
                     });
    QElapsedTimer timer;
    timer.start();
    work.measure(false);
    app.recording = true;
    app.run([&] { return finished > 0; }, 120'000);
    app.recording = false;
    const double seconds = double(timer.elapsed()) / 1000;

    const double p99 = quantile(app.milliseconds, 0.99);
    const QJsonObject result{{QStringLiteral("bench"), QStringLiteral("board_panel")},
                             {QStringLiteral("operators"), operators},
                             {QStringLiteral("seconds"), seconds},
                             {QStringLiteral("reports"), reports},
                             {QStringLiteral("reports_measured_in_part"), between},
                             {QStringLiteral("frames"), int(app.milliseconds.size())},
                             {QStringLiteral("median_ms"), quantile(app.milliseconds, 0.5)},
                             {QStringLiteral("p99_ms"), p99},
                             {QStringLiteral("max_ms"), quantile(app.milliseconds, 1)},
                             {QStringLiteral("p99_cpu_ms"), quantile(app.cpu, 0.99)},
                             {QStringLiteral("max_cpu_ms"), quantile(app.cpu, 1)},
                             {QStringLiteral("p99_target_ms"), 16},
                             {QStringLiteral("ok"), p99 < 16 && operators > 0 && between > 0}};
    std::puts(QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return 0;
}
