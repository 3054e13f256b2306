// The driver on the model of its core, plugged into an emulated computer: QEMU's usb-redir plays
// the host's end of the cable, and what the driver receives goes to a program's standard input and
// back from its output.
#pragma once

#include <deque>

#include <usbredirparser.h>

#include "tests/firmware/usb/usb_host.h"

class RedirDevice
{
public:
    // qemu: a connected socket. toProgram, fromProgram: ends of pipes. All are made non-blocking.
    RedirDevice(int qemu, int toProgram, int fromProgram);
    ~RedirDevice();
    RedirDevice(const RedirDevice &) = delete;
    RedirDevice &operator=(const RedirDevice &) = delete;

    // Until QEMU or the program ends. False when the device would not show itself.
    bool run();
    const std::vector<std::string> &violations() const { return m_model.violations(); }

private:
    struct Transfer { // of bulk data, on its way
        uint64_t id;
        usb_redir_bulk_packet_header header;
        Bytes bytes;
        size_t done = 0; // bytes of OUT that the device took
    };

    void attach();
    bool waitForWork();
    void moveEverything();
    bool moveOut();
    bool moveIn();
    bool moveProgram();
    void finish(std::deque<Transfer> &queue, uint8_t status);
    void dropTransfers();
    void controlPacket(uint64_t id, usb_redir_control_packet_header header, const Bytes &data);
    uint8_t control(uint8_t type, uint8_t request, uint16_t value, uint16_t index);
    static RedirDevice &self(void *own) { return *static_cast<RedirDevice *>(own); }

    int m_qemu, m_toProgram, m_fromProgram;
    usbredirparser *m_parser;
    Dwc2Model m_model;
    UsbHost m_host;
    dwc2_config_t m_config{};
    std::deque<Transfer> m_out, m_in;
    Bytes m_received, m_toSend; // between the driver's rings and the pipes
    bool m_ended = false;
};
