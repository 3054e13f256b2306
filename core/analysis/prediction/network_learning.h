#pragma once

#include "core/analysis/analyze.h"

// Learning about operators from latencies of whole networks: each is one linear constraint over its
// operators.
namespace atomnet
{

/// A whole network's latency, measured or reported.
struct NetworkLatency {
    QString name;
    Network network;
    qint64 latency = 0; ///< ns, or instructions
    bool operator==(const NetworkLatency &) const = default;
};

/// One factor that operators' estimates are multiplied by: of a kind and a kernel size that no
/// sample has.
struct LearnedParameter {
    QString name; ///< "depthwise 5x5 / 3x3"
    AtomKind kind = AtomKind::Depthwise;
    int kernel = 0;
    double value = 0, standardError = 0; ///< when identified
    bool identified = false;
    QStringList collinearWith; ///< names of the parameters that the data cannot tell it from; its
                               ///< own alone: no data at all; empty: data that leave it open
};

struct NetworkFit {
    std::vector<LearnedParameter> parameters;
    struct Residual {
        QString name;
        qint64 reported = 0, fitted = 0;
        bool used = true; ///< false: left out
        QString why;      ///< of one left out: "10 % above what its operators tell", "nothing is
                          ///< known of mean 5x5x320"
    };
    std::vector<Residual> residuals;
    double noise = 0; ///< standard deviation of reported / fitted - 1
};

/// Fits all parameters that the networks hold and their operators' samples do not: robust weighted
/// least squares on the share of the latency that samples leave over; identifiability by singular
/// values, never by choosing one.
[[nodiscard]] Result<NetworkFit> learnFromNetworks(const std::vector<NetworkLatency> &networks,
                                                   const Target &target,
                                                   const Knowledge &knowledge);
/// What of it a model can use: the identified parameters, ascending by kind and kernel.
[[nodiscard]] std::vector<KernelRatio> kernelRatios(const NetworkFit &fit);

/// The operator with another square kernel and the same output.
[[nodiscard]] AtomKey withKernel(const AtomKey &key, int kernel);

/// The published AtomNets whose latency on this board and runtime the paper reports.
[[nodiscard]] std::vector<NetworkLatency> reportedNetworks(const Target &target);

} // namespace atomnet
