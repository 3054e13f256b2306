#pragma once

#include "core/device/link.h"
#include "core/device/waiting.h"

namespace atomnet
{

/// A serial port: the ST-LINK's virtual COM port, mostly. A thread of its own owns it, so that any
/// thread may use the link.
class SerialLink : public Link
{
public:
    /// "/dev/ttyACM0" or "COM3"; baud 0: AP_SERIAL_BAUD.
    SerialLink(QString port, qint32 baud);
    ~SerialLink() override;

    [[nodiscard]] LinkResult<> open() override;
    void close() override;
    [[nodiscard]] LinkResult<> write(QByteArrayView bytes, int timeoutMs) override;
    [[nodiscard]] LinkResult<QByteArray> read(int timeoutMs) override;
    void interrupt() override;
    [[nodiscard]] QString name() const override;

private:
    struct Open;
    QString m_port;
    qint32 m_baud;
    Waiting m_waiting;
    std::unique_ptr<Open> m_open; ///< null while closed
};

} // namespace atomnet
