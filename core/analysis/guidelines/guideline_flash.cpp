#include "core/analysis/flash.h"
#include "core/analysis/guidelines/evidence.h"

#include <algorithm>
#include <cmath>

// G1: what a convolution's constants take in Flash, by kind and width. The width of an operator is
// the geometric mean of its input and output channels; each kind gets a power law over the
// wider half of its operators with the kernel that AtomDB holds most of, and the laws are compared
// at the largest width that all kinds reach.
namespace atomnet
{

namespace
{

struct KindFlash {
    std::vector<double> width, bytes;
    std::optional<PowerLaw> law;
    double widest = 0;
};

KindFlash flashOf(const AtomTable &table, Runtime runtime, AtomKind kind)
{
    constexpr std::size_t kernels = 8;
    std::array<int, kernels> counts{};
    for (const AtomTable::Row &row : table.rows())
        if (row.key.kind == kind && row.key.kernelH < kernels) ++counts[row.key.kernelH];
    const auto kernel = std::max_element(counts.begin(), counts.end()) - counts.begin();
    KindFlash found;
    for (const AtomTable::Row &row : table.rows()) {
        if (row.key.kind != kind || row.key.kernelH != kernel) continue;
        found.width.push_back(std::sqrt(double(row.key.inC) * double(row.key.outC)));
        found.bytes.push_back(double(layerFlashBytes(runtime, row.key)));
    }
    // The wider half: in small operators biases and the call's own record hide the weights.
    const double median = quartiles(found.width).median;
    std::vector<double> width, bytes;
    for (std::size_t i = 0; i < found.width.size(); ++i) {
        if (found.width[i] < median) continue;
        width.push_back(found.width[i]);
        bytes.push_back(found.bytes[i]);
    }
    found.law = fitPowerLaw(width, bytes);
    for (const double width : found.width)
        found.widest = std::max(found.widest, width);
    return found;
}

} // namespace

Guideline flashGuideline(const Target &target, const Knowledge &knowledge)
{
    Guideline g;
    g.id = QStringLiteral("G1");
    g.title = QStringLiteral("Prefer depthwise and pointwise, avoid normal convolutions");
    g.paper = QStringLiteral("Flash: depthwise is better than pointwise, and normal convolutions "
                             "grow with the square of their channels; leave them out.");
    const EvidenceRows rows = evidenceRows(target, knowledge);
    if (!rows.table) {
        g.finding =
            QStringLiteral("AtomDB holds no operators of %1 with %2; import or measure some")
                .arg(target.board.name, displayName(target.runtime));
        return g;
    }
    const KindFlash dw = flashOf(*rows.table, target.runtime, AtomKind::Depthwise);
    const KindFlash pw = flashOf(*rows.table, target.runtime, AtomKind::Pointwise);
    const KindFlash nc = flashOf(*rows.table, target.runtime, AtomKind::Conv);
    g.chart.title = QStringLiteral("Flash of an operator by its width");
    g.chart.xTitle = QStringLiteral("channels (mean of in and out)");
    g.chart.yTitle = QStringLiteral("bytes");
    g.chart.logX = g.chart.logY = true;
    g.chart.series = {thinned(QStringLiteral("Depthwise"), dw.width, dw.bytes),
                      thinned(QStringLiteral("Pointwise"), pw.width, pw.bytes),
                      thinned(QStringLiteral("Normal convolution"), nc.width, nc.bytes)};
    if (!dw.law || !pw.law || !nc.law) {
        g.finding =
            QStringLiteral("%1 holds %2 depthwise, %3 pointwise and %4 normal convolutions; "
                           "each kind needs two of different width")
                .arg(rows.origin, countText(dw.width.size()), countText(pw.width.size()),
                     countText(nc.width.size()));
        return g;
    }
    const double width = std::min({dw.widest, pw.widest, nc.widest});
    const double d = dw.law->at(width) / width, p = pw.law->at(width) / width,
                 n = nc.law->at(width) / width;
    g.value = nc.law->exponent;
    g.holds = d < p && p < n && std::abs(nc.law->exponent - 2) < 0.25 ? Holds::Yes : Holds::No;
    g.finding =
        QStringLiteral("At %1 channels an output channel takes %2 bytes in a depthwise, %3 in a "
                       "pointwise and %4 in a normal convolution, whose Flash grows with the width "
                       "to the power of %5 (%6, %7 and %8 operators of %9)")
            .arg(qRound(width))
            .arg(ratioText3(d), ratioText3(p), ratioText3(n), ratioText3(nc.law->exponent),
                 countText(dw.width.size()), countText(pw.width.size()), countText(nc.width.size()))
            .arg(rows.origin);
    return g;
}

} // namespace atomnet
