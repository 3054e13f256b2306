#pragma once

#include "core/device/session.h"
#include "core/exporters/export_request.h"

// The exported network itself on a board, against the host byte by byte.
namespace atomnet
{

/// Exports the design's C project into `folder`, and links it with the profiler for `board` ("qemu-m7",
/// "stm32h743-nucleo", ...). Returns the image (.elf for virtual boards, .bin). Device when arm-none-eabi-gcc is missing or
/// what it said when it fails.
[[nodiscard]] Result<QString> buildValidationImage(const ExportRequest &request, const QString &board, const QString &folder,
                                                   const RunControl &control = {});

struct Validation {
    int samples = 0;
    int differingSamples = 0;
    qint64 differingBytes = 0;
    std::optional<double> top1;       ///< on the board; none without labels
    std::optional<double> top1Host;
    qint64 medianLatency = 0, minLatency = 0, maxLatency = 0;
    SampleUnit unit = SampleUnit::Instructions;
    qint64 stackBytes = 0;
    QStringList differences; ///< the first few: "image 3, byte 17: 12 on the board, 13 on the host"
};
/// Feeds the design's samples (`data`: images, .npz or .npy, as evaluate takes them; "" for seeded ones) to the linked
/// network and compares every output byte with the host's. BadInput when the board's model is another one.
[[nodiscard]] Result<Validation> validateOnBoard(Session &session, const ExportRequest &request, const Network &network,
                                                 const QString &data, int maxSamples, const RunControl &control = {});

} // namespace atomnet
