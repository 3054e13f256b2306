#pragma once

#include "core/device/device_address.h"

#include <QListWidget>

namespace atomnet
{

/// What is connected: boards, probes, virtual boards. Keeps its choice while others come and go.
class DeviceList : public QListWidget
{
    Q_OBJECT
public:
    explicit DeviceList(QWidget *parent = nullptr);

    void setDevices(const std::vector<FoundDevice> &devices);
    [[nodiscard]] const std::vector<FoundDevice> &devices() const { return m_devices; }
    /// Null: none is chosen.
    [[nodiscard]] const FoundDevice *chosen() const;
    bool choose(const DeviceAddress &address);

Q_SIGNALS:
    void choiceChanged();

private:
    std::vector<FoundDevice> m_devices;
    bool m_filling = false;
};

} // namespace atomnet
