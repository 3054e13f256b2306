// From an edit to repainted charts: four charts on 1280 x 800, offscreen. Prints one JSON object.
#include "core/analysis/analyze.h"
#include "core/model/edit.h"
#include "core/model/presets.h"
#include "tests/support/sample_report.h"
#include "widgets/dashboards/dashboard.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QGridLayout>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdio>

using namespace atomnet;

namespace
{

constexpr int iterations = 200;
constexpr int warmUp = 10;

/// AtomNet-256KB with its longest block repeated less often, until it has about 60 atoms.
Network networkOf60Atoms(Analyzer &analyzer)
{
    Network network = presetById(QStringLiteral("atomnet-256kb"))->network;
    for (;;) {
        const Result<Report> report = analyzer.analyze(network);
        if (!report) qFatal("%s", qPrintable(report.error().message()));
        if (report->layers.size() <= 62) return network;
        Block *longest = nullptr;
        for (Stage &stage : network.stages)
            for (Block &block : stage.blocks)
                if (!longest || block.repeat > longest->repeat) longest = &block;
        --longest->repeat;
    }
}

double milliseconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

double quantile(std::vector<double> values, double q)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(q * double(values.size())))];
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    Document document;
    Target target;
    target.board = *boardById(QStringLiteral("stm32h743"));
    target.runtime = Runtime::XCubeAi72;
    Analyzer probe(target, {});
    Network network = networkOf60Atoms(probe);
    document.setNew(network);
    network = document.network();
    Analyzer analyzer(target, sampleKnowledge(network, target));

    QWidget window;
    window.resize(1280, 800);
    auto *grid = new QGridLayout(&window);
    grid->setContentsMargins(0, 0, 0, 0);
    const std::vector<Dashboard *> dashboards = makeDashboards(document, &window);
    for (std::size_t i = 0; i < dashboards.size(); ++i)
        grid->addWidget(dashboards[i], int(i / 2), int(i % 2));
    window.show();
    QImage screen(window.size(), QImage::Format_ARGB32_Premultiplied);

    const Stage &first = network.stages.front();
    const BlockId early = first.blocks.front().id;
    const BlockId late = network.stages.back().blocks.back().id;
    std::vector<double> times, analyses, updates, paints;
    int atoms = 0;
    for (int i = 0; i < warmUp + iterations; ++i) {
        QElapsedTimer total, part;
        total.start();
        part.start();
        ChangeBlocks change;
        change.blocks = {i % 2 ? early : late};
        change.patch.out = 16 + 8 * (i % 9);
        const Result<Network> next = apply(network, change);
        if (!next) qFatal("%s", qPrintable(next.error().message()));
        network = *next;
        const Result<Report> report = analyzer.analyze(network);
        if (!report) qFatal("%s", qPrintable(report.error().message()));
        const double analysis = milliseconds(part);
        const ReportPtr shared = std::make_shared<const Report>(*report);
        part.restart();
        for (Dashboard *dashboard : dashboards)
            dashboard->setReport(shared);
        QCoreApplication::sendPostedEvents(); // layouts that Qt Charts put off
        const double update = milliseconds(part);
        part.restart();
        window.render(&screen);
        const double paint = milliseconds(part);
        if (i < warmUp) continue;
        atoms = int(shared->layers.size());
        times.push_back(milliseconds(total));
        analyses.push_back(analysis);
        updates.push_back(update);
        paints.push_back(paint);
    }

    const double median = quantile(times, 0.5), p99 = quantile(times, 0.99);
    QJsonObject result{{QStringLiteral("bench"), QStringLiteral("dashboards")},
                       {QStringLiteral("atoms"), atoms},
                       {QStringLiteral("charts"), int(dashboards.size())},
                       {QStringLiteral("iterations"), iterations},
                       {QStringLiteral("median_ms"), median},
                       {QStringLiteral("p99_ms"), p99},
                       {QStringLiteral("median_target_ms"), 16},
                       {QStringLiteral("p99_target_ms"), 33},
                       {QStringLiteral("analysis_median_ms"), quantile(analyses, 0.5)},
                       {QStringLiteral("update_median_ms"), quantile(updates, 0.5)},
                       {QStringLiteral("paint_median_ms"), quantile(paints, 0.5)},
                       {QStringLiteral("ok"), median < 16 && p99 < 33}};
    std::puts(QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return 0;
}
