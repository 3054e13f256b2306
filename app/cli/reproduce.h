#pragma once

#include "core/analysis/analyze.h"
#include "core/base/run_control.h"

// The paper's figures and tables, computed anew: what it reports beside what comes out here.
namespace atomnet
{

/// One figure of one network.
struct ReproducedLine {
    QString network; ///< "AtomNet-256KB"
    QString figure;  ///< "MACs", "SRAM", "Flash", "latency", ...
    QString unit;    ///< "M", "KB" (1000 bytes, as the paper's seem to be), "ms", "s"
    std::optional<double> paper, ours;
    QString source; ///< of ours: "computed", "measured", "estimated", "missing"
    QString note;   ///< why it differs, or why there is none
    /// (ours - paper) / paper.
    [[nodiscard]] std::optional<double> error() const;
};

/// SRAM by layer of one network.
struct ReproducedSeries {
    QString network;
    struct Layer {
        QString name;
        qint64 sramBytes = 0;
    };
    std::vector<Layer> layers;
    qint64 peakBytes = 0;
    bool estimated = true; ///< the peak: the runtime's plan is not known
    double balance = 0;    ///< mean over the layers / peak: 1 is even
};

struct Reproduction {
    QString id, title; ///< "table3", "Table 3: ..."
    std::vector<ReproducedLine> lines;
    std::vector<ReproducedSeries> series;
    QStringList notes; ///< what cannot be reproduced, and why
};

struct ReproductionInput {
    Target target;
    Knowledge knowledge;
    RunControl control;
};
[[nodiscard]] Result<Reproduction> reproduceTable3(const ReproductionInput &input);
[[nodiscard]] Result<Reproduction> reproduceTable4(const ReproductionInput &input);
[[nodiscard]] Result<Reproduction> reproduceTable5(const ReproductionInput &input);
[[nodiscard]] Result<Reproduction> reproduceFigure4(const ReproductionInput &input);

/// The lines of one network: MACs with elementwise work, SRAM, Flash and latency, beside what the
/// paper reports (none: it does not, or for another board).
struct PaperFigures {
    std::optional<double> macsM, sramKb, flashKb, latencyMs;
};
[[nodiscard]] std::vector<ReproducedLine> linesOf(const QString &network, const Report &report,
                                                  const PaperFigures &paper);
/// Whether the paper's figures are of this target: STM32H743 with X-CUBE-AI 7.2.
[[nodiscard]] bool isPapersTarget(const Target &target);

} // namespace atomnet
