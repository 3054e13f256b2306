#pragma once

#include <QByteArray>
#include <QString>

#include <map>
#include <vector>

// TFLite files computed slowly from the file alone, in real numbers: what the operators mean, not
// how a runtime rounds.
namespace atomnet::test
{

/// A tensor of the file by its name.
struct TfLiteTensor {
    std::vector<int> shape;
    std::vector<qint8> values; ///< int8; of int32 tensors empty
    std::vector<qint32> integers;
    std::vector<float> scales;
    int zeroPoint = 0, axis = 0;
    [[nodiscard]] double real(std::size_t i) const
    {
        return double(scales[0]) * (values[i] - zeroPoint);
    }
};

struct TfLiteRun {
    QString problem; ///< what is wrong with the file; empty: nothing
    std::map<QString, TfLiteTensor> tensors;
    QString output;              ///< name of the result
    std::map<int, int> versions; ///< of every operator that occurs
};
/// Verifies the file, checks shapes, scales and operands of every operator, and runs it. Results
/// are rounded to nearest. `instead`: what later operators read in place of the tensor of this
/// name.
[[nodiscard]] TfLiteRun runTfLite(const QByteArray &file, const std::vector<qint8> &input,
                                  const std::map<QString, std::vector<qint8>> &instead = {});

} // namespace atomnet::test
