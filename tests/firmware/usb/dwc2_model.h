// The DWC2 core in device mode without DMA, at the level of its registers: what the driver writes
// on one side, tokens of the bus on the other. It does what the reference manuals say, is slow
// where real cores are slow, and notes every step that the manuals forbid. Each read or write of a
// register is a moment of time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

using Bytes = std::vector<uint8_t>;

class Dwc2Model
{
public:
    // coreId: 0x1200, 0x2000 (release 3.10a) or later; they differ in quirks.
    Dwc2Model(uint32_t coreId, uint32_t fifoWords);
    ~Dwc2Model();
    Dwc2Model(const Dwc2Model &) = delete;
    Dwc2Model &operator=(const Dwc2Model &) = delete;

    uint32_t get(uint32_t offset);
    void put(uint32_t offset, uint32_t value);
    bool interrupt(); // the line to the CPU

    // What a host sees. Tokens go to `busAddress`.
    struct Answer {
        enum Kind { Nothing, Nak, Stall, Done } kind = Nothing;
        Bytes bytes;    // of IN
        int toggle = 0; // of IN
    };
    bool pulledUp() const; // the device shows itself on the bus
    void busReset();
    void suspend();
    void resume();
    void resumeSilently(); // without the event
    Answer setup(const std::array<uint8_t, 8> &bytes);
    Answer out(int endpoint, const Bytes &bytes, int toggle);
    Answer in(int endpoint);
    uint32_t busAddress = 0;

    const std::vector<std::string> &violations() const { return m_violations; }
    void beginPoll()
    {
        m_accesses = 0;
    } // one call of the driver makes a bounded number of accesses
    uint64_t accesses() const { return m_accesses; }
    bool hasClock = true; // without it nothing that is waited for ever happens

private:
    struct Entry { // of the receive FIFO
        uint32_t status;
        Bytes bytes;
        uint32_t extraEvent = 0; // release 3.10a: it says "done" and means something else
    };
    struct In {
        uint32_t control = 0, events = 0, size = 0;
        uint32_t total = 0, sent = 0, wordsWritten = 0, wordsExpected = 0;
        std::deque<uint32_t> fifo;
        int toggle = 0, nakIn = 0, disabledIn = 0; // moments until it has happened
    };
    struct Out {
        uint32_t control = 0, events = 0, size = 0;
        int toggle = 0;
        bool ending = false; // between the last packet and the entry that ends the transfer
    };

    void wrong(const std::string &what);
    void resetCore();
    void moment();
    uint32_t events();
    uint32_t endpointEvents() const;
    void putInControl(uint32_t endpoint, uint32_t value);
    void putOutControl(uint32_t endpoint, uint32_t value);
    void putInSize(uint32_t endpoint, uint32_t value);
    void putOutSize(uint32_t endpoint, uint32_t value);
    void putFifo(uint32_t endpoint, uint32_t word);
    void putReset(uint32_t value);
    void putPower(uint32_t value);
    uint32_t popStatus();
    uint32_t popWord();
    bool push(Entry entry);
    void endSetupStage();
    void checkFifos();
    uint32_t fifoDepth(uint32_t endpoint) const;

    uint32_t m_coreId, m_fifoWords;
    uint32_t m_gotgctl = 0, m_gahbcfg = 0, m_gusbcfg = 0, m_gintsts = 0, m_gintmsk = 0,
             m_grxfsiz = 0;
    uint32_t m_dieptxf0 = 0, m_dieptxf1 = 0, m_gccfg = 0, m_dcfg = 0, m_dctl = 0, m_diepmsk = 0,
             m_doepmsk = 0;
    uint32_t m_daintmsk = 0, m_pcgcctl = 0;
    std::array<In, 2> m_in;
    std::array<Out, 2> m_out;
    std::deque<Entry> m_rx;
    size_t m_rxWords = 0; // that the receive FIFO holds
    Bytes m_packet;       // what is left of the one whose status was read
    size_t m_packetAt = 0;
    uint32_t m_address = 0;
    bool m_newAddress = false, m_setupPending = false, m_setupUnread = false, m_suspended = false;
    bool m_controlData = false; // OUT data came since the SETUP
    int m_resetFor = 0, m_flushFor = 0, m_hostModeFor = 0;
    uint64_t m_accesses = 0;
    std::vector<std::string> m_violations;
};
