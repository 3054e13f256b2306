#include "core/analysis/guidelines/evidence.h"
#include "core/base/format.h"
#include "core/model/presets.h"

// Which stages SRAM and Flash bind, over the published AtomNets: the first and the last half of
// their stages, the head apart.
namespace atomnet
{

Guideline bottleneckGuideline(const Target &target, const Knowledge &knowledge,
                              const RunControl &control)
{
    Guideline g;
    g.id = QStringLiteral("bottleneck");
    g.title = QStringLiteral("Early stages are bound by SRAM, late ones by Flash");
    g.paper =
        QStringLiteral("Large maps limit the early stages by SRAM, many channels the late ones "
                       "by Flash: SEP first, ConvNeXt in the last stages.");
    Analyzer analyzer(target, knowledge);
    EvidenceSeries sram{QStringLiteral("SRAM, share of the peak"), {}, {}},
        flash{QStringLiteral("Flash, share of all constants"), {}, {}};
    int designs = 0, holding = 0;
    double earlySram = 0, lateSram = 0, earlyFlash = 0, lateFlash = 0;
    for (const Preset &preset : presets()) {
        if (control.cancelled()) return g;
        const auto report = analyzer.analyze(preset.network);
        if (!report) continue;
        const std::vector<StageDominance> stages = stageDominance(*report);
        const std::size_t count = stages.size() - 1; // the head is the last
        if (count < 2) continue;
        if (sram.y.size() < count) {
            sram.y.resize(count);
            flash.y.resize(count);
        }
        double early[2]{}, late[2]{};
        for (std::size_t s = 0; s < count; ++s) {
            sram.y[s] += stages[s].sramShare;
            flash.y[s] += stages[s].flashShare;
            double(&half)[2] = s < count / 2 ? early : late;
            const double of = double(s < count / 2 ? count / 2 : count - count / 2);
            half[0] += stages[s].sramShare / of;
            half[1] += stages[s].flashShare;
        }
        ++designs;
        holding += early[0] > late[0] && late[1] > early[1];
        earlySram += early[0];
        lateSram += late[0];
        earlyFlash += early[1];
        lateFlash += late[1];
    }
    if (designs == 0) {
        g.finding = QStringLiteral("The published AtomNets cannot be analysed for %1")
                        .arg(target.board.name);
        return g;
    }
    for (std::size_t s = 0; s < sram.y.size(); ++s) {
        sram.y[s] /= designs;
        flash.y[s] /= designs;
        g.chart.categories << QStringLiteral("s%1").arg(s + 1);
    }
    g.chart.title = QStringLiteral("Where the published AtomNets need SRAM and Flash");
    g.chart.yTitle = QStringLiteral("share, mean");
    g.chart.series = {sram, flash};
    g.value = double(holding) / designs;
    constexpr double enough = 0.75;
    g.holds = g.value >= enough ? Holds::Yes : Holds::No;
    g.finding =
        QStringLiteral("True of %1 of %2 published AtomNets: a stage of the first half reaches %3 "
                       "of the SRAM peak, one of the last half %4; the first half holds %5 of all "
                       "constants, the last %6")
            .arg(holding)
            .arg(designs)
            .arg(formatPercent(earlySram / designs), formatPercent(lateSram / designs),
                 formatPercent(earlyFlash / designs), formatPercent(lateFlash / designs));
    return g;
}

} // namespace atomnet
