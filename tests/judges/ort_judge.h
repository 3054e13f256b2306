#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace atomnet::judges
{

/// ONNX Runtime, run by node in a process of its own.
class OrtJudge
{
public:
    /// Why it cannot be used; empty when it can.
    [[nodiscard]] static QString unavailable();

    struct Input {
        QString type; ///< "int8" or "float32"
        std::vector<qint64> shape;
        QByteArray bytes;
    };
    struct Job {
        QByteArray model; ///< equal neighbours are loaded once
        std::vector<Input> inputs;
    };
    /// Runs the jobs in order; the first output of each as raw bytes, empty for one that failed
    /// (reason in `problem`).
    [[nodiscard]] static std::vector<QByteArray> run(const std::vector<Job> &jobs,
                                                     QString *problem = nullptr);
};

} // namespace atomnet::judges
