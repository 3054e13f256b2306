// The model's other side: what a host does on the bus.
#include <algorithm>

#include "firmware/port/stm32/usb/dwc2_registers.h"
#include "tests/firmware/usb/dwc2_model.h"

namespace
{

constexpr uint32_t packetBytes = 64, nakStatus = 1u << 17, gintEnumDone = 1u << 13;
constexpr uint32_t setupReceived = 1u << 15, statusPhase = 1u << 5,
                   backToBack = 1u << 6; // of DOEPINT
constexpr uint32_t release310a = 0x2000;

uint32_t statusOf(uint32_t kind, uint32_t endpoint, size_t bytes)
{
    return kind << 17 | static_cast<uint32_t>(bytes) << 4 | endpoint;
}

} // namespace

bool Dwc2Model::pulledUp() const
{
    const bool session = m_coreId >= release310a
                             ? (m_gotgctl & GOTGCTL_BVALOEN) && (m_gotgctl & GOTGCTL_BVALOVAL) &&
                                   !(m_gccfg & GCCFG_VBDEN)
                             : (m_gccfg & GCCFG_NOVBUSSENS) != 0;
    return session && !m_resetFor && !m_hostModeFor && (m_gccfg & GCCFG_PWRDWN) &&
           !(m_dctl & DCTL_SDIS) && (m_dcfg & DCFG_DSPD_FULL) == DCFG_DSPD_FULL && !m_pcgcctl;
}

void Dwc2Model::busReset()
{
    if (!pulledUp()) return;
    m_gintsts |= GINT_USBRST | gintEnumDone;
    m_suspended = false;
    m_setupPending = m_setupUnread = false;
    busAddress = 0;
    m_in[1].control &= ~EPCTL_USBAEP; // endpoints stay enabled, but not active
    m_out[1].control &= ~EPCTL_USBAEP;
}

void Dwc2Model::suspend()
{
    m_suspended = true;
    m_gintsts |= GINT_USBSUSP;
}

void Dwc2Model::resume()
{
    m_suspended = false;
    m_gintsts |= GINT_WKUINT;
}

// The first token of another kind tells the core that there will be no further SETUP.
void Dwc2Model::endSetupStage()
{
    if (!m_setupPending) return;
    m_setupPending = false;
    bool room = true;
    if (m_coreId == release310a) room = push({statusOf(RX_OUT_DONE, 0, 0), {}, setupReceived});
    if (!push({statusOf(RX_SETUP_DONE, 0, 0), {}}) || !room)
        wrong("no room for the end of a setup stage");
}

void Dwc2Model::resumeSilently()
{
    m_suspended = false;
}

Dwc2Model::Answer Dwc2Model::setup(const std::array<uint8_t, 8> &bytes)
{
    if (!pulledUp() || m_suspended || busAddress != m_address) return {};
    In &in = m_in[0];
    Out &out = m_out[0];
    if (!push({statusOf(RX_SETUP, 0, 8), Bytes(bytes.begin(), bytes.end())})) {
        wrong("no room for a SETUP");
        return {};
    }
    const uint32_t left = out.size >> 29 & 3;
    if (left == 0 && !m_setupPending) wrong("SETUP with STUPCNT 0");
    if (left == 0) out.events |= backToBack;
    out.size = (out.size & ~EPTSIZ_STUPCNT) | (left ? left - 1 : 0) << 29;
    in.control = (in.control & ~EPCTL_STALL) | nakStatus; // an IN transfer stays as it was
    out.control = (out.control & ~EPCTL_STALL) | nakStatus;
    in.toggle = out.toggle = 1;
    m_setupPending = m_setupUnread = true;
    m_controlData = false;
    return {Answer::Done, {}, 0};
}

Dwc2Model::Answer Dwc2Model::out(int endpoint, const Bytes &bytes, int toggle)
{
    if (!pulledUp() || m_suspended || busAddress != m_address) return {};
    const auto number = static_cast<uint32_t>(endpoint);
    Out &out = m_out.at(number);
    if (number == 0) endSetupStage();
    if (!(out.control & EPCTL_USBAEP)) return {};
    if (out.control & EPCTL_STALL) return {Answer::Stall, {}, 0};
    if (!(out.control & EPCTL_EPENA) || out.control & nakStatus) return {Answer::Nak, {}, 0};
    const size_t needed = 1 + (bytes.size() + 3) / 4 + 1;
    if (m_rxWords + needed + 4 > m_grxfsiz)
        return {Answer::Nak, {}, 0}; // a SETUP must still find room
    if (toggle != out.toggle) {
        wrong("OUT toggle of endpoint " + std::to_string(endpoint));
        return {Answer::Done, {}, 0}; // taken for a repetition
    }
    uint32_t packets = EPTSIZ_PKTCNT_OF(out.size) & (number ? 0x3FF : 1);
    const uint32_t size = out.size & (number ? 0x7FFFF : 0x7F),
                   count = static_cast<uint32_t>(bytes.size());
    if (packets == 0 || count > size) {
        wrong("a packet came that was not asked for");
        return {Answer::Nak, {}, 0};
    }
    packets--;
    out.size = (out.size & EPTSIZ_STUPCNT) | EPTSIZ_PKTCNT(packets) | (size - count);
    out.toggle ^= 1;
    push({statusOf(RX_OUT, number, count), bytes});
    if (packets == 0 || count < packetBytes) {
        out.control |= nakStatus;
        out.ending = true;
        push({statusOf(RX_OUT_DONE, number, 0), {}});
    }
    if (number == 0 && count) m_controlData = true;
    return {Answer::Done, {}, 0};
}

Dwc2Model::Answer Dwc2Model::in(int endpoint)
{
    if (!pulledUp() || m_suspended || busAddress != m_address) return {};
    const auto number = static_cast<uint32_t>(endpoint);
    In &in = m_in.at(number);
    if (number == 0) {
        endSetupStage();
        if (m_controlData && m_coreId == release310a)
            push({statusOf(RX_OUT_DONE, 0, 0), {}, statusPhase});
        m_controlData = false;
    }
    if (!(in.control & EPCTL_USBAEP)) return {};
    if (in.control & EPCTL_STALL) return {Answer::Stall, {}, 0};
    if (!(in.control & EPCTL_EPENA) || in.control & nakStatus || in.disabledIn)
        return {Answer::Nak, {}, 0};
    const uint32_t left = in.total - in.sent, count = std::min(left, packetBytes);
    if (in.fifo.size() < (count + 3) / 4)
        return {Answer::Nak, {}, 0}; // the packet is not there yet
    Answer answer{Answer::Done, Bytes(count), in.toggle};
    for (uint32_t at = 0; at < count; at += 4) {
        for (uint32_t i = at; i < at + 4 && i < count; i++) {
            answer.bytes[i] = static_cast<uint8_t>(in.fifo.front() >> (8 * (i - at)));
        }
        in.fifo.pop_front();
    }
    in.sent += count;
    in.toggle ^= 1;
    const uint32_t packets = EPTSIZ_PKTCNT_OF(in.size) - 1;
    in.size = EPTSIZ_PKTCNT(packets) | (in.total - in.sent);
    if (packets == 0) {
        in.control = (in.control & ~EPCTL_EPENA) | nakStatus;
        in.events |= EPINT_XFRC;
        if (number == 0 && count == 0 && m_newAddress) {
            m_newAddress = false;
            m_address = m_dcfg >> 4 & 127;
        }
    }
    return answer;
}
