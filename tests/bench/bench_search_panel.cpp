// The Search dock on the paper's Table 2: from a slider's step to the repainted optimum, offscreen,
// at 1280 x 260. Prints one JSON object.
#include "core/analysis/knowledge.h"
#include "core/model/presets.h"
#include "widgets/dashboards/search/front_view.h"
#include "widgets/dashboards/search/limit_row.h"
#include "widgets/dashboards/search/result_view.h"
#include "widgets/dashboards/search/search_panel.h"
#include "widgets/dashboards/search/search_question.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace atomnet;

namespace
{

double quantile(std::vector<double> values, double q)
{
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(q * double(values.size())))];
}

/// Tells when a widget has been painted.
class PaintWatch : public QObject
{
public:
    bool painted = false;
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) painted = true;
        return false;
    }
};

bool wait(const std::function<bool()> &until, qint64 patienceMs = 60'000)
{
    QElapsedTimer timer;
    timer.start();
    QTimer wake; // so that waiting for events ends
    wake.start(1);
    while (!until() && timer.elapsed() < patienceMs)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    return until();
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    Document document;
    const Target target{boardById(QStringLiteral("stm32h743")).value(), Runtime::XCubeAi72, 0, 0};
    if (!document.setTarget(target)) return 1;
    document.setNew(presetById(QStringLiteral("atomnet-256kb"))->network);
    SearchPanel panel(document);
    panel.setKnowledge(shippedKnowledge(target.board, target.runtime));
    panel.resize(1264, 260);
    panel.show();
    panel.question().setLimit(Figure::Latency, 275'000'000);

    QElapsedTimer timer;
    timer.start();
    panel.search();
    const auto settled = [&] { return panel.answer() && !panel.service().busy(); };
    if (!wait([&] { return bool(panel.answer()); })) qFatal("no answer");
    const double firstMs = double(timer.nsecsElapsed()) / 1e6;
    if (!wait([&] { return settled() && panel.answer()->front; })) qFatal("no front");
    const double frontMs = double(timer.nsecsElapsed()) / 1e6;
    const auto points = double(panel.answer()->whole ? panel.answer()->whole->size() : 0);

    auto *slider = panel.findChild<MarkedSlider *>(QStringLiteral("sramSlider"));
    PaintWatch watch;
    panel.results().installEventFilter(&watch);
    // A slider that moves on: each step as soon as the one before is on the screen.
    const int from = slider->positionOf(400 * 1024), to = slider->positionOf(90 * 1024);
    std::vector<double> steps;
    for (int position = from; position > to; position -= 4) {
        const qint64 limit = slider->figureAt(position);
        watch.painted = false;
        timer.restart();
        slider->setValue(position);
        const bool shown = wait([&] {
            const SearchAnswerPtr now = panel.answer();
            return now && now->query.limits.sramBytes == limit && watch.painted;
        });
        if (!shown) qFatal("no answer to step %d", int(steps.size()));
        steps.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    if (!wait(settled)) qFatal("never settled");

    const double median = quantile(steps, 0.5);
    const QJsonObject result{{QStringLiteral("bench"), QStringLiteral("search_panel")},
                             {QStringLiteral("first_answer_ms"), firstMs},
                             {QStringLiteral("front_ms"), frontMs},
                             {QStringLiteral("front_points"), points},
                             {QStringLiteral("steps"), int(steps.size())},
                             {QStringLiteral("slider_median_ms"), median},
                             {QStringLiteral("slider_p90_ms"), quantile(steps, 0.9)},
                             {QStringLiteral("slider_max_ms"), quantile(steps, 1)},
                             {QStringLiteral("slider_target_ms"), 50},
                             {QStringLiteral("ok"), median < 50}};
    std::puts(QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return 0;
}
