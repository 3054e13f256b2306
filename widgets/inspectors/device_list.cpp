#include "widgets/inspectors/device_list.h"

#include "widgets/common/icons.h"
#include "widgets/inspectors/board_text.h"

#include <algorithm>

namespace atomnet
{

namespace
{

QString iconOf(const FoundDevice &device)
{
    if (!device.problem.isEmpty()) return QStringLiteral("warning");
    return speaks(device) ? QStringLiteral("board") : QStringLiteral("flash");
}

/// Is it the same thing, perhaps in another state?
bool same(const FoundDevice &a, const FoundDevice &b)
{
    return a.what == b.what && a.address == b.address && a.serial == b.serial;
}

} // namespace

DeviceList::DeviceList(QWidget *parent) : QListWidget(parent)
{
    setAccessibleName(QStringLiteral("Boards"));
    setIconSize({18, 18});
    setWordWrap(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideRight);
    connect(this, &QListWidget::currentRowChanged, this, [this] {
        if (!m_filling) Q_EMIT choiceChanged();
    });
}

void DeviceList::setDevices(const std::vector<FoundDevice> &devices)
{
    if (devices == m_devices) return;
    std::optional<FoundDevice> before;
    if (const FoundDevice *device = chosen()) before = *device;
    m_filling = true;
    m_devices = devices;
    clear();
    int row = -1;
    for (const FoundDevice &device : m_devices) {
        const QString what = describe(device);
        auto *item = new QListWidgetItem(icon(iconOf(device)),
                                         QStringLiteral("%1\n%2").arg(device.name, what), this);
        item->setToolTip(device.serial.isEmpty()
                             ? what
                             : QStringLiteral("%1\nserial number %2").arg(what, device.serial));
        item->setData(Qt::AccessibleTextRole, QStringLiteral("%1, %2").arg(device.name, what));
        if (before && same(device, *before)) row = count() - 1;
    }
    setCurrentRow(row);
    m_filling = false;
    const FoundDevice *now = chosen();
    if (before.has_value() != (now != nullptr) || (now && *now != *before)) Q_EMIT choiceChanged();
}

const FoundDevice *DeviceList::chosen() const
{
    const int row = currentRow();
    return row >= 0 && row < int(m_devices.size()) ? &m_devices[std::size_t(row)] : nullptr;
}

bool DeviceList::choose(const DeviceAddress &address)
{
    const auto found =
        std::find_if(m_devices.begin(), m_devices.end(), [&](const FoundDevice &device) {
            return speaks(device) && device.address == address;
        });
    if (found == m_devices.end()) return false;
    setCurrentRow(int(found - m_devices.begin()));
    return true;
}

} // namespace atomnet
