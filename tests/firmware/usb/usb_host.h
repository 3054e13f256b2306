// A USB host on the model's bus, and the CPU that serves the driver's interrupt.
#pragma once

#include <optional>

#include "firmware/port/stm32/usb/dwc2.h"
#include "tests/firmware/usb/dwc2_model.h"

// The driver under test: the one that is linked in, or the shared library that DWC2_DRIVER names.
struct Driver {
    decltype(&dwc2_init) init;
    decltype(&dwc2_poll) poll;
    decltype(&dwc2_connected) connected;
    decltype(&dwc2_read) read;
    decltype(&dwc2_write) write;
    decltype(&dwc2_written) written;
    decltype(&dwc2_stop) stop;
};
const Driver &driver();

enum class Outcome { Ok, Stalled, TimedOut };

class UsbHost
{
public:
    explicit UsbHost(Dwc2Model &model) : m_model(model) {}

    // What the CPU does: runs the handler while the core interrupts. pollAlways: a loop without
    // interrupts.
    void service();
    bool pollAlways = false;

    void reset();
    bool enumerate(); // reset, address 7, configuration 1
    Outcome control(uint8_t type, uint8_t request, uint16_t value, uint16_t index, uint16_t length,
                    Bytes *bytes = nullptr);
    std::optional<Bytes> controlIn(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                                   uint16_t length);
    bool controlOut(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                    const Bytes &data = {});
    void clearHalt(uint8_t endpoint);

    // One packet; Nak when the device is not ready, also after it was served.
    Dwc2Model::Answer::Kind bulkOutPacket(const Bytes &packet);
    Dwc2Model::Answer bulkInPacket();
    // A transfer: in packets of 64, without an empty one at the end; false when it did not end.
    bool bulkOut(const Bytes &bytes);
    // Until a short packet or `length` bytes.
    std::optional<Bytes> bulkIn(size_t length);

    int toggleOut = 0, toggleIn = 0; // of endpoint 1
    int patience = 50;               // tokens that may be answered with NAK in a row

private:
    Outcome dataIn(size_t length, Bytes *bytes);
    Outcome dataOut(const Bytes &bytes);
    Dwc2Model::Answer inToken();
    Dwc2Model::Answer outToken(const Bytes &packet, int toggle);

    Dwc2Model &m_model;
    int m_controlIn = 1, m_controlOut = 1;
};
