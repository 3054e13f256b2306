#include "tests/firmware/usb/dwc2_model.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "firmware/port/stm32/usb/dwc2_registers.h"

namespace
{

Dwc2Model *s_model = nullptr; // the driver, too, exists once

constexpr uint32_t packetBytes = 64, nakStatus = 1u << 17;
constexpr uint32_t gintEnumDone = 1u << 13;
constexpr uint32_t old = 0x1200, release310a = 0x2000;
constexpr uint64_t tooManyAccesses = 6'000'000;

std::string hex(uint32_t value)
{
    char text[16];
    std::snprintf(text, sizeof text, "0x%X", value);
    return text;
}

size_t words(size_t bytes)
{
    return (bytes + 3) / 4;
}

} // namespace

extern "C" uint32_t dwc2_model_get(uint32_t offset)
{
    return s_model->get(offset);
}
extern "C" void dwc2_model_put(uint32_t offset, uint32_t value)
{
    s_model->put(offset, value);
}

Dwc2Model::Dwc2Model(uint32_t coreId, uint32_t fifoWords) : m_coreId(coreId), m_fifoWords(fifoWords)
{
    s_model = this;
    resetCore();
    // What the chip's ROM may have left behind: its loader uses the core, too.
    m_gintmsk = 0x1234;
    m_grxfsiz = 17;
    m_in[0].fifo = {1, 2, 3};
    m_gusbcfg = 0x1440;
    m_hostModeFor = 40;
    if (m_coreId >= release310a) m_gccfg = 1u << 21;
}

Dwc2Model::~Dwc2Model()
{
    if (s_model == this) s_model = nullptr; // a test makes a new one before it drops the old
}

void Dwc2Model::wrong(const std::string &what)
{
    if (m_violations.size() < 20) m_violations.push_back(what);
}

void Dwc2Model::resetCore()
{
    const uint32_t power = m_gccfg; // survives, as does what PHYSEL selected
    m_gotgctl = m_gahbcfg = m_gintsts = m_gintmsk = m_dcfg = m_diepmsk = m_doepmsk = m_daintmsk =
        m_pcgcctl = 0;
    m_gccfg = power;
    m_grxfsiz = 0x200;
    m_dieptxf0 = m_dieptxf1 = 0x02000200;
    m_dctl = m_coreId >= release310a ? DCTL_SDIS : 0;
    m_address = 0;
    m_newAddress = m_setupPending = m_setupUnread = m_controlData = false;
    m_in = {};
    m_out = {};
    m_in[0].control = m_out[0].control = EPCTL_USBAEP;
    m_rx.clear();
    m_rxWords = 0;
    m_packet.clear();
    m_packetAt = 0;
}

void Dwc2Model::moment()
{
    if (++m_accesses > tooManyAccesses) {
        std::fputs("The driver waits for ever.\n", stderr);
        std::abort();
    }
    if (m_resetFor && --m_resetFor == 0) resetCore();
    if (m_flushFor) m_flushFor--;
    if (m_hostModeFor && (m_gusbcfg & GUSBCFG_FDMOD)) m_hostModeFor--;
    for (In &in : m_in) {
        if (in.nakIn && --in.nakIn == 0) in.events |= EPINT_INEPNE;
        if (in.disabledIn && --in.disabledIn == 0) {
            in.control &= ~(EPCTL_EPENA | EPCTL_EPDIS);
            in.events |= EPINT_EPDISD;
        }
    }
}

uint32_t Dwc2Model::endpointEvents() const
{
    uint32_t all = 0;
    for (uint32_t endpoint = 0; endpoint < 2; endpoint++) {
        if (m_in[endpoint].events & m_diepmsk) all |= 1u << endpoint;
        if (m_out[endpoint].events & m_doepmsk) all |= 1u << (16 + endpoint);
    }
    return all;
}

uint32_t Dwc2Model::events()
{
    const uint32_t endpoints = endpointEvents() & m_daintmsk;
    return m_gintsts | (m_hostModeFor ? GINT_CMOD : 0) | (m_rx.empty() ? 0 : GINT_RXFLVL) |
           (endpoints & 0xFFFF ? GINT_IEPINT : 0) | (endpoints >> 16 ? GINT_OEPINT : 0);
}

bool Dwc2Model::interrupt()
{
    return (m_gahbcfg & GAHBCFG_GINT) && (events() & m_gintmsk);
}

uint32_t Dwc2Model::get(uint32_t offset)
{
    moment();
    if (m_resetFor && offset != GRSTCTL) wrong("read of " + hex(offset) + " while the core resets");
    if (offset >= DFIFO) {
        if (offset >= 3 * DFIFO) wrong("read of " + hex(offset));
        return popWord();
    }
    const uint32_t endpoint = offset >> 5 & 15;
    switch (offset) {
    case GOTGCTL:
        return m_gotgctl;
    case GAHBCFG:
        return m_gahbcfg;
    case GUSBCFG:
        return m_gusbcfg;
    case GRSTCTL:
        if (!hasClock) return 0;
        return (m_resetFor ? GRSTCTL_CSRST : GRSTCTL_AHBIDL) |
               (m_flushFor ? GRSTCTL_RXFFLSH | GRSTCTL_TXFFLSH : 0);
    case GINTSTS:
        return events();
    case GINTMSK:
        return m_gintmsk;
    case GRXSTSP:
        return popStatus();
    case GRXFSIZ:
        return m_grxfsiz;
    case DIEPTXF0:
        return m_dieptxf0;
    case DIEPTXF1:
        return m_dieptxf1;
    case GCCFG:
        return m_gccfg;
    case CID:
        return m_coreId;
    case DCFG:
        return m_dcfg;
    case DCTL:
        return m_dctl;
    case DSTS:
        return m_suspended ? DSTS_SUSPSTS : 0;
    case DIEPMSK:
        return m_diepmsk;
    case DOEPMSK:
        return m_doepmsk;
    case DAINT:
        return endpointEvents();
    case DAINTMSK:
        return m_daintmsk;
    case PCGCCTL:
        return m_pcgcctl;
    case DIEPCTL(0u):
    case DIEPCTL(1u):
        return m_in[endpoint & 1].control;
    case DIEPINT(0u):
    case DIEPINT(1u):
        return m_in[endpoint & 1].events | (m_in[endpoint & 1].fifo.empty() ? 1u << 7 : 0);
    case DIEPTSIZ(0u):
    case DIEPTSIZ(1u):
        return m_in[endpoint & 1].size;
    case DOEPCTL(0u):
    case DOEPCTL(1u):
        return m_out[endpoint & 1].control;
    case DOEPINT(0u):
    case DOEPINT(1u):
        return m_out[endpoint & 1].events;
    case DOEPTSIZ(0u):
    case DOEPTSIZ(1u):
        return m_out[endpoint & 1].size;
    default:
        wrong("read of " + hex(offset));
        return 0;
    }
}

void Dwc2Model::put(uint32_t offset, uint32_t value)
{
    moment();
    if (m_resetFor) wrong("write to " + hex(offset) + " while the core resets");
    if (offset >= DFIFO) {
        putFifo(offset / DFIFO - 1, value);
        return;
    }
    const uint32_t endpoint = offset >> 5 & 1;
    const auto setFifoSize = [&](uint32_t &size) {
        if ((m_in[0].control | m_in[1].control | m_out[1].control) & EPCTL_EPENA)
            wrong("FIFO resized during a transfer");
        size = value;
    };
    switch (offset) {
    case GOTGCTL:
        if (m_coreId < release310a && value & (GOTGCTL_BVALOEN | GOTGCTL_BVALOVAL))
            wrong("GOTGCTL has no such bits here");
        m_gotgctl = value;
        break;
    case GAHBCFG:
        m_gahbcfg = value;
        break;
    case GUSBCFG:
        m_gusbcfg = value;
        break;
    case GRSTCTL:
        putReset(value);
        break;
    case GINTSTS:
        m_gintsts &= ~value;
        break;
    case GINTMSK:
        m_gintmsk = value;
        break;
    case GRXFSIZ:
        setFifoSize(m_grxfsiz);
        break;
    case DIEPTXF0:
        setFifoSize(m_dieptxf0);
        break;
    case DIEPTXF1:
        setFifoSize(m_dieptxf1);
        break;
    case GCCFG:
        m_gccfg = value;
        break;
    case DCFG:
        if (((value ^ m_dcfg) & DCFG_DAD) && value & DCFG_DAD) {
            m_newAddress = true; // in force behind the status stage
        } else if ((value ^ m_dcfg) & DCFG_DAD) {
            m_address = 0;
        }
        m_dcfg = value;
        break;
    case DCTL:
        m_dctl = value;
        if (pulledUp()) checkFifos();
        break;
    case DIEPMSK:
        m_diepmsk = value;
        break;
    case DOEPMSK:
        m_doepmsk = value;
        break;
    case DAINTMSK:
        m_daintmsk = value;
        break;
    case PCGCCTL:
        m_pcgcctl = value;
        break;
    case DIEPCTL(0u):
    case DIEPCTL(1u):
        putInControl(endpoint, value);
        break;
    case DIEPINT(0u):
    case DIEPINT(1u):
        m_in[endpoint].events &= ~value;
        break;
    case DIEPTSIZ(0u):
    case DIEPTSIZ(1u):
        putInSize(endpoint, value);
        break;
    case DOEPCTL(0u):
    case DOEPCTL(1u):
        putOutControl(endpoint, value);
        break;
    case DOEPINT(0u):
    case DOEPINT(1u):
        m_out[endpoint].events &= ~value;
        break;
    case DOEPTSIZ(0u):
    case DOEPTSIZ(1u):
        putOutSize(endpoint, value);
        break;
    default:
        wrong("write to " + hex(offset));
        break;
    }
}

void Dwc2Model::putReset(uint32_t value)
{
    if (value & GRSTCTL_CSRST) m_resetFor = 6;
    if (value & GRSTCTL_RXFFLSH) {
        if (m_dctl & DCTL_SDIS) {
            m_rx.clear();
            m_rxWords = 0;
        } else {
            wrong("the receive FIFO is flushed with packets in it that the host believes arrived");
        }
        m_flushFor = 3;
    }
    if (value & GRSTCTL_TXFFLSH) {
        const uint32_t which = value >> 6 & 31;
        for (uint32_t endpoint = 0; endpoint < 2; endpoint++) {
            if (which != endpoint && which != 16) continue;
            if (m_in[endpoint].control & EPCTL_EPENA)
                wrong("FIFO of an enabled IN endpoint flushed");
            m_in[endpoint].fifo.clear();
        }
        m_flushFor = 3;
    }
}

uint32_t Dwc2Model::fifoDepth(uint32_t endpoint) const
{
    return (endpoint ? m_dieptxf1 : m_dieptxf0) >> 16;
}

void Dwc2Model::checkFifos()
{
    const uint32_t start0 = m_dieptxf0 & 0xFFFF, start1 = m_dieptxf1 & 0xFFFF;
    const bool apart = m_grxfsiz <= start0 && start0 + fifoDepth(0) <= start1 &&
                       start1 + fifoDepth(1) <= m_fifoWords;
    // Three SETUPs with their end, a packet with its end, a global NAK.
    if (m_grxfsiz < 13 + 18 + 1 || fifoDepth(0) < 16 || fifoDepth(1) < 16 || !apart)
        wrong("the FIFOs overlap or are too small");
    if (!(m_gusbcfg & GUSBCFG_PHYSEL) || (m_gusbcfg & GUSBCFG_TRDT) != GUSBCFG_TRDT_FAST_BUS)
        wrong("GUSBCFG");
    if (!m_in[0].fifo.empty()) wrong("connected with words in a FIFO");
    if (m_gintmsk & ~(GINT_USBRST | gintEnumDone | GINT_USBSUSP | GINT_WKUINT | GINT_RXFLVL |
                      GINT_IEPINT | GINT_OEPINT)) {
        wrong("an interrupt that nobody serves is on");
    }
}

void Dwc2Model::putInSize(uint32_t endpoint, uint32_t value)
{
    if (m_in[endpoint].control & EPCTL_EPENA)
        wrong("DIEPTSIZ written while the endpoint is enabled");
    m_in[endpoint].size = value;
}

void Dwc2Model::putInControl(uint32_t endpoint, uint32_t value)
{
    In &in = m_in[endpoint];
    const bool wasEnabled = in.control & EPCTL_EPENA;
    uint32_t state = in.control & (nakStatus | EPCTL_EPENA | EPCTL_EPDIS);
    if (endpoint == 0 && value & EPCTL_CNAK && m_setupUnread)
        wrong("endpoint 0 answers while a SETUP is waiting");
    if (value & EPCTL_SD0PID) {
        if (wasEnabled) wrong("toggle reset under a running IN transfer");
        in.toggle = 0;
    }
    if (value & EPCTL_CNAK) state &= ~nakStatus;
    if (value & EPCTL_SNAK) {
        if (!(in.control & nakStatus)) in.nakIn = 8; // else it is in force, and no event tells so
        state |= nakStatus;
    }
    if (value & EPCTL_EPDIS && !(in.control & EPCTL_EPDIS)) {
        if (!wasEnabled || !(in.control & nakStatus) || in.nakIn)
            wrong("IN endpoint disabled before its NAK was in force");
        in.disabledIn = 8;
        state |= EPCTL_EPDIS;
    } else if (value & EPCTL_EPENA && !wasEnabled) {
        const uint32_t size = in.size & 0x7FFFF, packets = EPTSIZ_PKTCNT_OF(in.size);
        const uint32_t needed = size ? (size + packetBytes - 1) / packetBytes : 1;
        if (endpoint && !(value & EPCTL_USBAEP)) wrong("an inactive IN endpoint is enabled");
        if (packets != needed)
            wrong("IN transfer of " + std::to_string(size) + " bytes in " +
                  std::to_string(packets) + " packets");
        if (endpoint == 0 && (size > 127 || packets > 3))
            wrong("endpoint 0 cannot send as much at once");
        if (!in.fifo.empty()) wrong("IN transfer begins with words of another one in the FIFO");
        in.total = size;
        in.sent = in.wordsWritten = 0;
        in.wordsExpected = static_cast<uint32_t>(words(size));
        state |= EPCTL_EPENA;
    }
    if (endpoint == 0) value |= EPCTL_USBAEP;
    if (endpoint == 0 && in.control & EPCTL_STALL) value |= EPCTL_STALL; // the core alone clears it
    const uint32_t kept = EPCTL_MPSIZ | EPCTL_USBAEP | (3u << 18) | EPCTL_STALL | (15u << 22);
    in.control = (value & kept) | state;
    const bool isBulk = (value & (3u << 18)) == EPCTL_BULK && (value & EPCTL_MPSIZ) == packetBytes;
    if (endpoint && value & EPCTL_USBAEP && (!isBulk || (value >> 22 & 15) != endpoint))
        wrong("DIEPCTL1 is no bulk endpoint's");
}

void Dwc2Model::putFifo(uint32_t endpoint, uint32_t word)
{
    if (endpoint > 1) {
        wrong("write to the FIFO of an endpoint that is not used");
        return;
    }
    In &in = m_in[endpoint];
    if (!(in.control & EPCTL_EPENA)) wrong("FIFO written before the IN endpoint was enabled");
    if (in.fifo.size() >= fifoDepth(endpoint)) wrong("transmit FIFO overflows");
    if (++in.wordsWritten > in.wordsExpected) wrong("more words written than the IN transfer has");
    in.fifo.push_back(word);
}

void Dwc2Model::putOutSize(uint32_t endpoint, uint32_t value)
{
    Out &out = m_out[endpoint];
    if (out.control & EPCTL_EPENA) {
        wrong("DOEPTSIZ written while the endpoint is enabled");
        if (out.ending && m_coreId >= release310a && !m_rx.empty())
            m_rx.pop_back(); // the end never comes
    }
    out.size = value;
}

void Dwc2Model::putOutControl(uint32_t endpoint, uint32_t value)
{
    Out &out = m_out[endpoint];
    const bool wasEnabled = out.control & EPCTL_EPENA;
    uint32_t state = out.control & (nakStatus | EPCTL_EPENA);
    if (value & EPCTL_EPDIS) wrong("OUT endpoint disabled without a global NAK");
    if (endpoint == 0 && value & EPCTL_CNAK && m_setupUnread)
        wrong("endpoint 0 listens while a SETUP is waiting");
    if (value & EPCTL_CNAK) {
        if (out.ending && m_coreId <= old) {
            wrong("NAK cleared between packet and end: four bytes are lost");
            for (Entry &entry : m_rx) {
                if (entry.bytes.size() >= 4) entry.bytes.resize(entry.bytes.size() - 4);
            }
        }
        state &= ~nakStatus;
    }
    if (value & EPCTL_SNAK) state |= nakStatus;
    if (value & EPCTL_SD0PID) out.toggle = 0;
    if (value & EPCTL_EPENA && !wasEnabled) {
        const uint32_t size = out.size & (endpoint ? 0x7FFFF : 0x7F),
                       packets = EPTSIZ_PKTCNT_OF(out.size) & (endpoint ? 0x3FF : 1);
        if (endpoint && !(value & EPCTL_USBAEP)) wrong("an inactive OUT endpoint is enabled");
        if (packets == 0 || size != packets * packetBytes)
            wrong("OUT transfer is not of whole packets");
        state |= EPCTL_EPENA;
    }
    if (endpoint == 0) value |= EPCTL_USBAEP;
    if (endpoint == 0 && out.control & EPCTL_STALL) value |= EPCTL_STALL;
    out.control = (value & (EPCTL_MPSIZ | EPCTL_USBAEP | (3u << 18) | EPCTL_STALL)) | state;
    const bool isBulk = (value & (3u << 18)) == EPCTL_BULK && (value & EPCTL_MPSIZ) == packetBytes;
    if (endpoint && value & EPCTL_USBAEP && !isBulk) wrong("DOEPCTL1 is no bulk endpoint's");
}

bool Dwc2Model::push(Entry entry)
{
    const size_t size = 1 + words(entry.bytes.size());
    if (m_rxWords + size > m_grxfsiz) return false;
    m_rxWords += size;
    m_rx.push_back(std::move(entry));
    return true;
}

uint32_t Dwc2Model::popStatus()
{
    if (m_packetAt < m_packet.size()) wrong("words of a packet were left in the receive FIFO");
    if (m_rx.empty()) {
        wrong("status read from an empty receive FIFO");
        return 0;
    }
    Entry entry = std::move(m_rx.front());
    m_rx.pop_front();
    m_rxWords -= 1;
    m_packet = std::move(entry.bytes);
    m_packetAt = 0;
    Out &out = m_out[GRXSTS_EP(entry.status) & 1];
    switch (GRXSTS_KIND(entry.status)) {
    case RX_OUT_DONE:
        out.events |= EPINT_XFRC | entry.extraEvent;
        if (!entry.extraEvent) {
            out.control &= ~EPCTL_EPENA;
            out.ending = false;
        }
        break;
    case RX_SETUP_DONE:
        out.events |= EPINT_STUP;
        out.control &= ~EPCTL_EPENA;
        out.ending = false;
        m_setupUnread = false;
        for (const Entry &later : m_rx) {
            if (GRXSTS_KIND(later.status) == RX_SETUP) m_setupUnread = true;
        }
        break;
    default:
        break;
    }
    return entry.status;
}

uint32_t Dwc2Model::popWord()
{
    if (m_packetAt >= m_packet.size()) {
        wrong("more words read from the receive FIFO than were announced");
        return 0xDEADBEEF;
    }
    uint32_t word = 0xEEEEEEEE; // a packet's last word is filled up with anything
    std::memcpy(&word, m_packet.data() + m_packetAt,
                std::min<size_t>(4, m_packet.size() - m_packetAt));
    m_packetAt += 4;
    m_rxWords -= 1;
    return word;
}
