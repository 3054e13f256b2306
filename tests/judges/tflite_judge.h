#pragma once

#include <QByteArray>
#include <QString>

#include <span>
#include <vector>

namespace atomnet::judges
{

/// Folder with the judges' node_modules; empty when they are not installed.
[[nodiscard]] QString judgesFolder();

/// TensorFlow Lite 2.9, as a shared library that is loaded at run time.
class TfLiteJudge
{
public:
    /// Why it cannot be used; empty when it can.
    [[nodiscard]] static QString unavailable();

    enum class Kernels { BuiltIn, XnnPack };
    /// Runs a model once. Inputs and outputs are raw bytes; empty when the runtime refuses, with
    /// the reason in `problem`.
    [[nodiscard]] static std::vector<QByteArray> run(const QByteArray &model,
                                                     const std::vector<QByteArray> &inputs,
                                                     Kernels kernels, QString *problem = nullptr);
    /// The same model on many inputs (one input tensor, one output tensor).
    [[nodiscard]] static std::vector<QByteArray> runMany(const QByteArray &model,
                                                         const std::vector<QByteArray> &inputs,
                                                         Kernels kernels,
                                                         QString *problem = nullptr);
};

} // namespace atomnet::judges
