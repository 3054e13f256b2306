#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

// Python as a judge of what is exported.
namespace atomnet::test
{

/// A Python that has all these modules ("torch", "onnx", ...); empty when there is none.
[[nodiscard]] QString pythonWith(const QStringList &modules);

struct PythonRun {
    int exitCode = -1; ///< -1: it did not start or did not end
    QByteArray out, err;
};
[[nodiscard]] PythonRun runPython(const QString &python, const QStringList &arguments,
                                  const QString &folder = {}, int timeoutSeconds = 120);

} // namespace atomnet::test
