// A million operators in the Explorer, 1280 x 700, offscreen: pan, zoom, hover, filter. Prints one
// JSON object.
#include "core/analysis/explorer/explorer_query.h"
#include "widgets/dashboards/explorer/explorer_model.h"
#include "widgets/dashboards/explorer/plot_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

using namespace atomnet;

namespace
{

constexpr int rowCount = 1'000'000, iterations = 40;
constexpr double targetMs = 100;

/// Operators as AtomDB has them: channels in steps of 8, maps of common sizes, latencies that
/// scatter.
std::shared_ptr<const AtomTable> millionRows()
{
    std::mt19937 random(1);
    std::lognormal_distribution<double> scatter(0, 0.25);
    const int sides[] = {3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80};
    std::vector<AtomTable::Row> rows;
    rows.reserve(rowCount);
    for (int i = 0; i < rowCount; ++i) {
        AtomKey key;
        const bool depthwise = i % 4 == 0;
        key.kind = depthwise ? AtomKind::Depthwise : AtomKind::Pointwise;
        key.inH = key.inW = key.outH = key.outW = sides[random() % std::size(sides)];
        key.inC = qint32(8 + 8 * (random() % 100));
        key.outC = depthwise ? key.inC : qint32(8 + 8 * (random() % 100));
        key.groups = depthwise ? key.inC : 1;
        key.kernelH = key.kernelW = depthwise ? 3 : 1;
        const double macs = double(macsOf(key));
        const auto median = qint64(macs / (depthwise ? 0.085 : 0.385) * scatter(random)) + 1000;
        rows.push_back({key, {median, median * 99 / 100, median * 101 / 100, 1}});
    }
    RunCondition condition;
    condition.board = QStringLiteral("stm32h743");
    condition.runtime = QStringLiteral("x-cube-ai-7.2");
    return std::make_shared<const AtomTable>(condition, SampleUnit::Nanoseconds, std::move(rows));
}

double milliseconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

struct Times {
    std::vector<double> values;
    [[nodiscard]] double quantile(double q) const
    {
        std::vector<double> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        return sorted[std::min(sorted.size() - 1, std::size_t(q * double(sorted.size())))];
    }
};

/// From a gesture to the repainted plot.
template <class F>
Times measure(PlotView &plot, F gesture)
{
    QImage screen(plot.size(), QImage::Format_ARGB32_Premultiplied);
    plot.fit();
    plot.render(&screen);
    Times times;
    for (int i = 0; i < iterations; ++i) {
        QElapsedTimer timer;
        timer.start();
        gesture(i);
        plot.render(&screen);
        times.values.push_back(milliseconds(timer));
    }
    return times;
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const auto atoms = millionRows();
    ExplorerSnapshot snapshot;
    QElapsedTimer timer;
    timer.start();
    snapshot.table = std::make_shared<ExplorerTable>(atoms);
    ExplorerQuery query;
    PlotModelPtr model = makePlotModel(query, snapshot, lightTheme());
    const double first = milliseconds(timer);
    timer.start();
    query.filter.inChannels.high = 400;
    model = makePlotModel(query, snapshot, lightTheme());
    const double filter = milliseconds(timer);
    query.filter = {};
    model = makePlotModel(query, snapshot, lightTheme());

    PlotView plot;
    plot.resize(1280, 700);
    plot.setModel(model, false);
    plot.show();
    const Times pan = measure(plot, [&](int i) { plot.pan({i % 2 ? 31.0 : -17.0, 9.0}); });
    const Times zoom = measure(plot, [&](int i) {
        plot.zoom(i % 20 < 10 ? 1.2 : 1 / 1.2, i % 20 < 10 ? 1.2 : 1 / 1.2, {700, 300});
    });
    Times hover;
    plot.fit();
    for (int i = 0; i < iterations; ++i) {
        timer.start();
        static_cast<void>(plot.hitAt(QPointF(100 + 27 * i, 60 + 14 * i)).has_value());
        hover.values.push_back(milliseconds(timer));
    }
    query.view = ExplorerView::HeatMap;
    plot.setModel(makePlotModel(query, snapshot, lightTheme()), false);
    const Times heat = measure(plot, [&](int i) { plot.pan({i % 2 ? 31.0 : -17.0, 9.0}); });

    const double worst = std::max({pan.quantile(0.5), zoom.quantile(0.5), heat.quantile(0.5)});
    QJsonObject result{{QStringLiteral("bench"), QStringLiteral("explorer")},
                       {QStringLiteral("rows"), rowCount},
                       {QStringLiteral("iterations"), iterations},
                       {QStringLiteral("pan_median_ms"), pan.quantile(0.5)},
                       {QStringLiteral("pan_p95_ms"), pan.quantile(0.95)},
                       {QStringLiteral("zoom_median_ms"), zoom.quantile(0.5)},
                       {QStringLiteral("zoom_p95_ms"), zoom.quantile(0.95)},
                       {QStringLiteral("heat_pan_median_ms"), heat.quantile(0.5)},
                       {QStringLiteral("hover_median_ms"), hover.quantile(0.5)},
                       {QStringLiteral("first_plot_ms"), first},
                       {QStringLiteral("filter_ms"), filter},
                       {QStringLiteral("target_ms"), targetMs},
                       {QStringLiteral("ok"), worst < targetMs}};
    std::puts(QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return 0;
}
