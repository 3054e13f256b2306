#include "app/cli/reproduce.h"
#include "app/cli/reproduce_networks.h"
#include "core/model/presets.h"

namespace atomnet
{

namespace
{

constexpr double million = 1e6, thousand = 1e3;

std::optional<double> in(const std::optional<qint64> &value, double unit)
{
    return value ? std::optional(double(*value) / unit) : std::nullopt;
}

ReproducedLine lineOf(const QString &network, const QString &figure, const QString &unit,
                      std::optional<double> paper, std::optional<double> ours,
                      const QString &source)
{
    return {network, figure, unit, paper, ours, source, {}};
}

void append(Reproduction &to, std::vector<ReproducedLine> lines)
{
    to.lines.insert(to.lines.end(), std::make_move_iterator(lines.begin()),
                    std::make_move_iterator(lines.end()));
}

QString computed()
{
    return QStringLiteral("computed");
}

/// Why a preset's figure differs for a reason that is known.
QString noteOf(const QString &preset, const QString &figure)
{
    const bool kb512 = preset.startsWith(u"atomnet-512kb");
    if (kb512 && figure == u"Flash")
        return QStringLiteral("the reported Flash is less than the network's weights alone");
    if (preset == u"atomnet-512kb")
        return QStringLiteral("the published definition is not the network of the report: its MACs "
                              "differ too");
    if (preset == u"atomnet-320kb" && figure == u"MACs")
        return QStringLiteral("of the readme; the paper's Table 3 prints 84 M, 240 KB, 978 KB and "
                              "367 ms of another network");
    const bool twoClasses = preset == u"atomnet-10fps" || preset == u"atomnet-5fps";
    if (twoClasses && figure == u"MACs")
        return QStringLiteral("with two classes, as it is reported");
    if (twoClasses)
        return QStringLiteral("the report may be of another input or head: it names neither");
    return {};
}

/// Latency of one multiply-accumulate, elementwise work among them.
std::optional<double> nsPerMac(const Report &report)
{
    const qint64 macs = report.macs + report.macsElementwise;
    if (report.unit != TimeUnit::Nanoseconds || !report.latency.high || macs == 0) return {};
    return double(report.latency.value) / double(macs);
}

} // namespace

std::optional<double> ReproducedLine::error() const
{
    if (!paper || !ours || *paper == 0) return {};
    return (*ours - *paper) / *paper;
}

bool isPapersTarget(const Target &target)
{
    return target.board.id == u"stm32h743" && target.runtime == Runtime::XCubeAi72;
}

std::vector<ReproducedLine> linesOf(const QString &network, const Report &report,
                                    const PaperFigures &paper)
{
    // The paper's figures are of one board and runtime; multiply-accumulates of none.
    const bool same = isPapersTarget(report.target);
    const auto reported = [same](const std::optional<double> &value) {
        return same ? value : std::nullopt;
    };
    const auto sourceOf = [](const Budget &budget) {
        return budget.estimated ? QStringLiteral("estimated") : computed();
    };
    std::vector<ReproducedLine> lines;
    lines.push_back(lineOf(network, QStringLiteral("MACs"), QStringLiteral("M"), paper.macsM,
                           double(report.macs + report.macsElementwise) / million, computed()));
    lines.push_back(lineOf(network, QStringLiteral("SRAM"), QStringLiteral("KB"),
                           reported(paper.sramKb), double(report.sram.value) / thousand,
                           sourceOf(report.sram)));
    lines.push_back(lineOf(network, QStringLiteral("Flash"), QStringLiteral("KB"),
                           reported(paper.flashKb), double(report.flash.value) / thousand,
                           sourceOf(report.flash)));
    const bool ms = report.unit == TimeUnit::Nanoseconds;
    const bool known = report.latency.high.has_value();
    lines.push_back(
        lineOf(network, ms ? QStringLiteral("latency") : QStringLiteral("instructions"),
               ms ? QStringLiteral("ms") : QStringLiteral("M"),
               ms ? reported(paper.latencyMs) : std::nullopt,
               known ? std::optional(double(report.latency.value) / million) : std::nullopt,
               toString(report.latency.source)));
    if (!known)
        lines.back().note = QStringLiteral("nothing is known of %1 of its %2 operators")
                                .arg(report.missingLayers)
                                .arg(report.layers.size());
    return lines;
}

Result<Reproduction> reproduceTable3(const ReproductionInput &input)
{
    Reproduction table{QStringLiteral("table3"),
                       QStringLiteral("Table 3: the AtomNets' MACs, SRAM, Flash and latency"),
                       {},
                       {},
                       {}};
    for (const Preset &preset : presets()) {
        Network network = preset.network;
        if (preset.id == u"atomnet-10fps" || preset.id == u"atomnet-5fps") network.head.classes = 2;
        const auto report = analyze(network, input.target, input.knowledge);
        if (!report) return tl::make_unexpected(report.error());
        const ReportedFigures &paper = preset.reported;
        auto lines = linesOf(preset.network.name, *report,
                             {in(paper.macs, million), double(paper.sramBytes) / thousand,
                              double(paper.flashBytes) / thousand, in(paper.latencyNs, million)});
        for (ReproducedLine &line : lines)
            if (line.note.isEmpty() && (line.paper || line.figure == u"MACs"))
                line.note = noteOf(preset.id, line.figure);
        append(table, std::move(lines));
    }
    table.notes << QStringLiteral("accuracies need training; the designer does not train")
                << QStringLiteral("latencies on STM32F412 and STM32F746: nobody published samples "
                                  "of operators there")
                << QStringLiteral("networks of others (MCUNet, MobileNet, ProxylessNAS): their "
                                  "definitions are not in the paper");
    return table;
}

Result<Reproduction> reproduceTable4(const ReproductionInput &input)
{
    Reproduction table{QStringLiteral("table4"),
                       QStringLiteral("Table 4: what each guideline is worth, without training"),
                       {},
                       {},
                       {}};
    struct Row {
        QString name;
        Network network;
        PaperFigures paper;
        QString noteAt, note; ///< figure and what is to be said of it
    };
    const Network atomNet = presetById(QStringLiteral("atomnet-256kb"))->network;
    const std::vector<Row> rows{
        {QStringLiteral("ResNet (G1)"),
         halfResNet18(),
         {483, {}, 3048, {}},
         QStringLiteral("Flash"),
         QStringLiteral("the report is that of its weights alone (3,050 KB), ours holds the "
                        "runtime's code too; as convolutions in a line")},
        {QStringLiteral("AtomNet-256KB"), atomNet, {80, 232, 981, 275}, {}, {}},
        {QStringLiteral("TinyNet-E (G2)"),
         tinyNetE(),
         {25, 270, 1950, 171},
         QStringLiteral("SRAM"),
         QStringLiteral("three tensors of 53x53x32 are 270 KB: the reported network's swish is "
                        "probably no part of its convolutions, our hswish is")},
        {QStringLiteral("TinyNet, SEP early (G2)"),
         tinyNetWithoutEarlySe(),
         {30, 217, 1990, 174},
         QStringLiteral("MACs"),
         QStringLiteral("TinyNet-Modify is not published; ours keeps TinyNet-E's widths, so it has "
                        "fewer MACs")},
        {QStringLiteral("MBConv only (G3)"),
         inPattern(atomNet, Pattern::MbConv),
         {},
         QStringLiteral("MACs"),
         QStringLiteral(
             "in place of MCUNet-256KB, which the paper does not define: AtomNet-256KB's "
             "widths and depths in MBConv blocks")}};
    std::vector<Report> reports;
    for (const Row &row : rows) {
        auto report = analyze(row.network, input.target, input.knowledge);
        if (!report) return tl::make_unexpected(report.error());
        auto lines = linesOf(row.name, *report, row.paper);
        for (ReproducedLine &line : lines)
            if (line.note.isEmpty() && line.figure == row.noteAt) line.note = row.note;
        append(table, std::move(lines));
        reports.push_back(*std::move(report));
    }
    const Report &resNet = reports[0], &hybrid = reports[1], &tiny = reports[2],
                 &tinySep = reports[3], &mbConv = reports[4];
    const bool same = isPapersTarget(input.target);
    const auto ratio = [&](const QString &what, const QString &figure, std::optional<double> paper,
                           std::optional<double> ours, bool ofTarget) {
        table.lines.push_back(lineOf(what, figure, QStringLiteral("x"),
                                     same || !ofTarget ? paper : std::nullopt, ours, computed()));
    };
    // G1: normal convolutions fill Flash; the same map by depthwise and pointwise does not.
    ratio(QStringLiteral("G1: ResNet / AtomNet"), QStringLiteral("Flash"), 3048.0 / 981,
          double(resNet.flash.value) / double(hybrid.flash.value), true);
    ratio(QStringLiteral("G1: 3x3 256 -> 256 / dw + pw"), QStringLiteral("Flash"), {},
          (9.0 * 256 * 256 + 4 * 256) / (9.0 * 256 + 256.0 * 256 + 8 * 256), false);
    ratio(QStringLiteral("G2: SEP early / TinyNet-E"), QStringLiteral("SRAM"), 217.0 / 270,
          double(tinySep.sram.value) / double(tiny.sram.value), true);
    const auto perMacMb = nsPerMac(mbConv), perMac = nsPerMac(hybrid);
    ratio(QStringLiteral("G3: MBConv only / AtomNet"), QStringLiteral("latency/MAC"),
          (368.0 / 68) / (275.0 / 80),
          perMacMb && perMac ? std::optional(*perMacMb / *perMac) : std::nullopt, true);
    table.lines.back().note = QStringLiteral("the paper's is MCUNet-256KB / AtomNet-256KB");
    table.notes << QStringLiteral("accuracies need training; the designer does not train")
                << QStringLiteral("MCUNet-256KB and TinyNet-Modify: their definitions are not in "
                                  "the paper; networks of the same kind stand for them");
    return table;
}

} // namespace atomnet
