#pragma once

#include "core/base/result.h"

#include <QIODevice>

namespace atomnet
{

/// Bytes that are read once, from the first to the last: a file, or one that lies packed in
/// another.
class ByteStream
{
public:
    virtual ~ByteStream() = default;
    [[nodiscard]] virtual qint64 size() const = 0; ///< of all
    /// Exactly so many. BadInput when they end earlier or are damaged; Io.
    [[nodiscard]] virtual Result<> read(char *to, qint64 bytes) = 0;
};

/// A device from its current place to its end.
class DeviceStream : public ByteStream
{
public:
    DeviceStream(QIODevice &device, QString name)
        : m_device(device), m_name(std::move(name)), m_size(device.size() - device.pos())
    {
    }
    [[nodiscard]] qint64 size() const override { return m_size; }
    [[nodiscard]] Result<> read(char *to, qint64 bytes) override;

private:
    QIODevice &m_device;
    QString m_name;
    qint64 m_size;
};

} // namespace atomnet
