#pragma once

#include "core/device/session.h"
#include "core/exporters/export_request.h"

// The exported network itself on a board, against the host byte by byte.
namespace atomnet
{

/// A design as its C project holds it.
struct ValidationSubject {
    Prepared prepared;
    Program program;
    quint32 constantsCrc = 0; ///< what the export calls WEIGHTS_CRC; hello's model_crc
};
[[nodiscard]] Result<ValidationSubject> validationSubject(const Network &network, const QuantSource &source,
                                                          const RunControl &control = {});

/// Writes the C project below `folder` and links it with the profiler for `variant` ("qemu-m7", "stm32h743-nucleo", ...).
/// Returns the image: .elf for virtual boards, .bin for others. Device when arm-none-eabi-gcc is missing, with its
/// complaints when it fails, and when the image does not fit the board.
[[nodiscard]] Result<QString> buildValidationImage(const Network &network, const ValidationSubject &subject,
                                                   const QuantSource &source, const QString &variant,
                                                   const QString &folder, const RunControl &control = {});

struct Validation {
    int samples = 0;
    int differingSamples = 0;
    qint64 differingBytes = 0;
    QStringList differences; ///< the first few: "sample 3, output 17: 12 on the board, 13 on the host"
    int labelled = 0, correct = 0, correctOnHost = 0;
    qint64 medianLatency = 0, minLatency = 0, maxLatency = 0; ///< of one inference, input copy excluded
    SampleUnit unit = SampleUnit::Instructions;
    qint64 stackBytes = 0; ///< deepest below the call
    QString device;        ///< DeviceInfo::summary()
    [[nodiscard]] bool equal() const { return differingSamples == 0; }
};

struct ValidationRequest {
    QuantSource source;
    QString data; ///< as evaluate takes it; "": seeded samples
    int samples = 16; ///< at most, spread evenly; 0: all
};

/// Feeds samples to the network that is linked into the board's image and compares every output byte with the host's.
/// BadInput when the board holds another network, or none.
[[nodiscard]] Result<Validation> validateOnBoard(Session &session, const ValidationSubject &subject,
                                                 const ValidationRequest &request, const RunControl &control = {});

/// All of it. Virtual boards: builds the image and runs it. Real ones must hold it already (flash --image).
[[nodiscard]] Result<Validation> validateDesign(const Network &network, const DeviceAddress &device,
                                                const ValidationRequest &request, const RunControl &control = {});

} // namespace atomnet
