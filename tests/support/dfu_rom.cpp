#include "tests/support/dfu_rom.h"

#include <QtEndian>

#include <algorithm>
#include <cstring>

#include <linux/usb/ch9.h>

namespace atomnet::test
{

namespace
{

constexpr uint32_t flashStart = 0x08000000;
constexpr int transferBytes = 2048;
constexpr int pollMs = 1; ///< a real chip asks for up to seconds; tests are in a hurry

enum Request : uint8_t {
    Download = 1,
    Upload = 2,
    GetStatus = 3,
    ClearStatus = 4,
    GetState = 5,
    Abort = 6
};
enum Command : uint8_t { SetAddress = 0x21, Erase = 0x41, ReadUnprotect = 0x92 };

} // namespace

DfuRom::DfuRom(Options options) : m_options(std::move(options))
{
    int kib = 0;
    for (const int sector : m_options.sectorsKib)
        kib += sector;
    flash.fill(char(0xff), kib * 1024);
}

const std::vector<uint8_t> &DfuRom::deviceDescriptor()
{
    static const std::vector<uint8_t> bytes{18,   USB_DT_DEVICE, 0x00, 0x01, 0,    0, 0, 64, 0x83,
                                            0x04, 0x11,          0xdf, 0x00, 0x22, 1, 2, 3,  1};
    return bytes;
}

const std::vector<uint8_t> &DfuRom::configDescriptor()
{
    static const std::vector<uint8_t> bytes{9,
                                            USB_DT_CONFIG,
                                            36,
                                            0,
                                            1,
                                            1,
                                            0,
                                            0xc0,
                                            50,
                                            9,
                                            USB_DT_INTERFACE,
                                            0,
                                            0,
                                            0,
                                            0xfe,
                                            1,
                                            2,
                                            4, // alt 0: Flash
                                            9,
                                            USB_DT_INTERFACE,
                                            0,
                                            1,
                                            0,
                                            0xfe,
                                            1,
                                            2,
                                            5, // alt 1: option bytes
                                            9,
                                            0x21,
                                            0x0b,
                                            0xff,
                                            0,
                                            transferBytes & 0xff,
                                            transferBytes >> 8,
                                            0x1a,
                                            0x01};
    return bytes;
}

bool DfuRom::unplugDue() const
{
    return left || m_resets ||
           (m_options.unplugAfterBytes >= 0 && m_written >= m_options.unplugAfterBytes);
}

void DfuRom::restart()
{
    m_state = Idle;
    m_status = Ok;
    m_address = flashStart;
    m_written = 0;
    left = m_resets = false;
}

std::optional<int> DfuRom::stall(Status status)
{
    m_state = Error;
    m_status = status;
    return std::nullopt;
}

std::optional<int> DfuRom::descriptor(const usb_ctrlrequest &request, uint8_t *data) const
{
    const int index = request.wValue & 0xff, room = request.wLength;
    std::vector<uint8_t> bytes;
    switch (request.wValue >> 8) {
    case USB_DT_DEVICE:
        bytes = deviceDescriptor();
        break;
    case USB_DT_CONFIG:
        bytes = configDescriptor();
        break;
    case USB_DT_STRING: {
        const QByteArray texts[] = {{},
                                    "STMicroelectronics",
                                    "STM32  BOOTLOADER",
                                    m_options.serial,
                                    "@Internal Flash  " + m_options.layout,
                                    "@Option Bytes  /0x1FFFC000/01*016 e"};
        if (index >= int(std::size(texts))) return std::nullopt;
        bytes = {0, USB_DT_STRING};
        if (index == 0) bytes.insert(bytes.end(), {0x09, 0x04});
        for (const char c : texts[index])
            bytes.insert(bytes.end(), {uint8_t(c), 0});
        bytes[0] = uint8_t(bytes.size());
        break;
    }
    default:
        return std::nullopt;
    }
    const int count = std::min(room, int(bytes.size()));
    std::copy_n(bytes.begin(), count, data);
    return count;
}

std::optional<int> DfuRom::control(const usb_ctrlrequest &request, uint8_t *data)
{
    const int count = request.wLength, value = request.wValue;
    if (request.bRequestType == USB_DIR_IN && request.bRequest == USB_REQ_GET_DESCRIPTOR)
        return descriptor(request, data);
    constexpr uint8_t toInterface = USB_TYPE_CLASS | USB_RECIP_INTERFACE;
    const bool in = request.bRequestType == (USB_DIR_IN | toInterface);
    if (!in && request.bRequestType != toInterface) return std::nullopt;
    switch (request.bRequest) {
    case Download:
        return in ? std::nullopt : download(value, data, count);
    case Upload:
        return in ? upload(value, data, count) : std::nullopt;
    case GetStatus: {
        if (!in || count < 6) return std::nullopt;
        if (m_state == DownloadSync) {
            m_state = DownloadBusy;
            if (m_block == 0 && uint8_t(m_pending[0]) == ReadUnprotect) carryOut(); // and resets
        } else if (m_state == DownloadBusy) {
            m_state = DownloadIdle;
            carryOut();
        } else if (m_state == ManifestSync) {
            m_state = Manifest;
            left = true;
            startAddress = m_address;
        }
        const uint8_t status[6] = {m_status, pollMs, 0, 0, m_state, 0};
        std::memcpy(data, status, sizeof status);
        return 6;
    }
    case GetState:
        if (!in || count < 1) return std::nullopt;
        data[0] = m_state;
        return 1;
    case ClearStatus:
    case Abort:
        m_state = Idle;
        m_status = Ok;
        return 0;
    default:
        return stall(ErrStalled);
    }
}

std::optional<int> DfuRom::download(int block, const uint8_t *data, int count)
{
    if ((m_state != Idle && m_state != DownloadIdle) || count > transferBytes || block == 1)
        return stall(ErrStalled);
    if (count == 0) {
        m_state = ManifestSync;
        return 0;
    }
    m_block = block;
    m_pending = QByteArray(reinterpret_cast<const char *>(data), count);
    m_state = DownloadSync;
    return count;
}

std::optional<int> DfuRom::upload(int block, uint8_t *data, int count)
{
    if ((m_state != Idle && m_state != UploadIdle) || count > transferBytes || block < 2)
        return stall(ErrStalled);
    if (m_options.readProtected) return stall(ErrVendor);
    const int64_t from = int64_t(m_address) - flashStart + int64_t(block - 2) * transferBytes;
    if (from < 0 || from + count > flash.size()) return stall(ErrTarget);
    std::memcpy(data, flash.constData() + from, size_t(count));
    m_state = UploadIdle;
    return count;
}

void DfuRom::carryOut()
{
    if (m_block >= 2) {
        write(m_address + uint32_t(m_block - 2) * transferBytes);
        return;
    }
    const auto command = uint8_t(m_pending[0]);
    const bool hasAddress = m_pending.size() == 5;
    const uint32_t address =
        hasAddress ? qFromLittleEndian<uint32_t>(m_pending.constData() + 1) : 0;
    if (command == SetAddress && hasAddress) {
        m_address = address;
    } else if (command == Erase && hasAddress) {
        erase(address);
    } else if (command == ReadUnprotect && m_pending.size() == 1) {
        unprotected = true;
        m_options.readProtected = false;
        flash.fill(char(0xff));
        m_resets = true;
    } else {
        stall(ErrTarget);
    }
}

void DfuRom::erase(uint32_t address)
{
    if (m_options.readProtected) {
        stall(ErrVendor);
        return;
    }
    int64_t start = flashStart;
    for (const int kib : m_options.sectorsKib) {
        const int64_t end = start + kib * 1024;
        if (address >= start && address < end) {
            std::fill_n(flash.begin() + (start - flashStart), end - start, char(0xff));
            ++erases;
            return;
        }
        start = end;
    }
    stall(ErrTarget);
}

void DfuRom::write(uint32_t address)
{
    const int64_t from = int64_t(address) - flashStart;
    if (m_options.readProtected) {
        stall(ErrVendor);
        return;
    }
    if (from < 0 || from + m_pending.size() > flash.size()) {
        stall(ErrTarget);
        return;
    }
    for (qsizetype i = 0; i < m_pending.size(); ++i) {
        char &byte = flash[from + i];
        byte = char(byte & m_pending[i]);
        if (from + i == m_options.weakByte) byte = 0;
    }
    ++writes;
    m_written += m_pending.size();
}

} // namespace atomnet::test
