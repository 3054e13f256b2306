#pragma once

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <vector>

struct usb_ctrlrequest;

namespace atomnet::test
{

/// ST's bootloader in ROM as it behaves on USB: DFU 1.1a with ST's commands in block 0 (DfuSe).
/// Flash forgets only by erasing, writing can but clear bits. Source: ST AN3156, "USB DFU protocol
/// used in the STM32 bootloader".
class DfuRom
{
public:
    struct Options {
        QByteArray layout = "/0x08000000/04*016Kg,01*064Kg,07*128Kg"; ///< an STM32F412's
        std::vector<int> sectorsKib{16, 16, 16, 16, 64, 128, 128, 128, 128, 128, 128, 128};
        QByteArray serial = "357A37593037";
        bool readProtected = false;
        int unplugAfterBytes = -1; ///< of writing; -1: never
        int weakByte = -1;         ///< one that does not keep what is written; -1: none
    };
    explicit DfuRom(Options options);

    static const std::vector<uint8_t> &deviceDescriptor();
    static const std::vector<uint8_t> &configDescriptor();
    /// A control transfer; data: what came, or room for wLength bytes. Bytes sent back, or none for
    /// a stall.
    [[nodiscard]] std::optional<int> control(const usb_ctrlrequest &request, uint8_t *data);

    QByteArray flash;
    int erases = 0;            ///< sectors
    int writes = 0;            ///< blocks
    bool unprotected = false;  ///< was told to remove the protection
    bool left = false;         ///< has started the program
    uint32_t startAddress = 0; ///< where
    [[nodiscard]] bool unplugDue() const;
    /// Power off and on, into the bootloader again. Flash stays.
    void restart();

private:
    enum State : uint8_t {
        Idle = 2,
        DownloadSync = 3,
        DownloadBusy = 4,
        DownloadIdle = 5,
        ManifestSync = 6,
        Manifest = 7,
        UploadIdle = 9,
        Error = 10
    };
    enum Status : uint8_t { Ok = 0, ErrTarget = 1, ErrVendor = 0x0b, ErrStalled = 0x0f };

    [[nodiscard]] std::optional<int> descriptor(const usb_ctrlrequest &request,
                                                uint8_t *data) const;
    [[nodiscard]] std::optional<int> download(int block, const uint8_t *data, int count);
    [[nodiscard]] std::optional<int> upload(int block, uint8_t *data, int count);
    std::optional<int> stall(Status status);
    void carryOut();
    void erase(uint32_t address);
    void write(uint32_t address);

    Options m_options;
    State m_state = Idle;
    Status m_status = Ok;
    uint32_t m_address = 0x08000000;
    int m_block = 0;
    QByteArray m_pending; ///< of the download that GETSTATUS starts
    qint64 m_written = 0;
    bool m_resets = false;
};

} // namespace atomnet::test
