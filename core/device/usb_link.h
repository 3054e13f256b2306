#pragma once

#include "core/device/link.h"
#include "core/device/waiting.h"

namespace atomnet
{

/// The profiler on a board's own USB connector: a pair of bulk endpoints of a vendor interface.
class UsbLink : public Link
{
public:
    /// "" for the only one that is connected.
    explicit UsbLink(QString serial);
    ~UsbLink() override;

    [[nodiscard]] LinkResult<> open() override;
    void close() override;
    [[nodiscard]] LinkResult<> write(QByteArrayView bytes, int timeoutMs) override;
    [[nodiscard]] LinkResult<QByteArray> read(int timeoutMs) override;
    void interrupt() override;
    [[nodiscard]] QString name() const override;

private:
    struct Open;
    QString m_serial;
    Waiting m_waiting;
    std::unique_ptr<Open> m_open; ///< never null; holds a device or not
};

} // namespace atomnet
