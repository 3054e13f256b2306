#include "tests/firmware/usb/usb_host.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

namespace
{

constexpr size_t packetBytes = 64;
constexpr int notLoaded = 125; // mutants.py knows it

template <typename Function>
void load(void *library, const char *name, Function &function)
{
    function = reinterpret_cast<Function>(dlsym(library, name));
    if (!function) {
        std::fprintf(stderr, "%s is missing in DWC2_DRIVER\n", name);
        std::exit(notLoaded);
    }
}

Driver chooseDriver()
{
    const char *path = std::getenv("DWC2_DRIVER");
    if (!path) {
        return {dwc2_init,  dwc2_poll,    dwc2_connected, dwc2_read,
                dwc2_write, dwc2_written, dwc2_stop};
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        std::fprintf(stderr, "%s\n", dlerror());
        std::exit(notLoaded);
    }
    Driver other;
    load(library, "dwc2_init", other.init);
    load(library, "dwc2_poll", other.poll);
    load(library, "dwc2_connected", other.connected);
    load(library, "dwc2_read", other.read);
    load(library, "dwc2_write", other.write);
    load(library, "dwc2_written", other.written);
    load(library, "dwc2_stop", other.stop);
    return other;
}

} // namespace

const Driver &driver()
{
    static const Driver chosen = chooseDriver();
    return chosen;
}

void UsbHost::service()
{
    for (int i = 0; i < 8 && (pollAlways ? i == 0 : m_model.interrupt()); i++) {
        m_model.beginPoll();
        driver().poll();
    }
}

void UsbHost::reset()
{
    m_model.busReset();
    service();
}

bool UsbHost::enumerate()
{
    reset();
    if (!controlOut(0x00, 5, 7, 0)) return false;
    m_model.busAddress = 7;
    toggleIn = toggleOut = 0;
    return controlOut(0x00, 9, 1, 0);
}

Dwc2Model::Answer UsbHost::inToken()
{
    Dwc2Model::Answer answer;
    for (int i = 0; i < patience; i++) {
        answer = m_model.in(0);
        service();
        if (answer.kind != Dwc2Model::Answer::Nak) break;
    }
    return answer;
}

Dwc2Model::Answer UsbHost::outToken(const Bytes &packet, int toggle)
{
    Dwc2Model::Answer answer;
    for (int i = 0; i < patience; i++) {
        answer = m_model.out(0, packet, toggle);
        service();
        if (answer.kind != Dwc2Model::Answer::Nak) break;
    }
    return answer;
}

static Outcome outcomeOf(Dwc2Model::Answer::Kind kind)
{
    if (kind == Dwc2Model::Answer::Done) return Outcome::Ok;
    return kind == Dwc2Model::Answer::Stall ? Outcome::Stalled : Outcome::TimedOut;
}

Outcome UsbHost::dataIn(size_t length, Bytes *bytes)
{
    for (;;) {
        const Dwc2Model::Answer answer = inToken();
        if (answer.kind != Dwc2Model::Answer::Done) return outcomeOf(answer.kind);
        if (answer.toggle != m_controlIn) return Outcome::TimedOut; // a host drops it
        m_controlIn ^= 1;
        bytes->insert(bytes->end(), answer.bytes.begin(), answer.bytes.end());
        if (bytes->size() >= length || answer.bytes.size() < packetBytes) return Outcome::Ok;
    }
}

Outcome UsbHost::dataOut(const Bytes &bytes)
{
    for (size_t at = 0; at < bytes.size(); at += packetBytes) {
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        const Bytes packet(
            begin, begin + static_cast<std::ptrdiff_t>(std::min(packetBytes, bytes.size() - at)));
        const Outcome outcome = outcomeOf(outToken(packet, m_controlOut).kind);
        if (outcome != Outcome::Ok) return outcome;
        m_controlOut ^= 1;
    }
    return Outcome::Ok;
}

Outcome UsbHost::control(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                         uint16_t length, Bytes *bytes)
{
    const auto low = [](uint16_t word) { return static_cast<uint8_t>(word & 0xFF); };
    const auto high = [](uint16_t word) { return static_cast<uint8_t>(word >> 8); };
    const Dwc2Model::Answer answer =
        m_model.setup({type, request, low(value), high(value), low(index), high(index), low(length),
                       high(length)});
    service();
    if (answer.kind != Dwc2Model::Answer::Done) return Outcome::TimedOut;
    m_controlIn = m_controlOut = 1;
    const bool isIn = type & 0x80 && length;
    if (length) {
        const Outcome outcome = isIn ? dataIn(length, bytes) : dataOut(*bytes);
        if (outcome != Outcome::Ok) return outcome;
    }
    if (isIn) return outcomeOf(outToken({}, 1).kind);
    const Dwc2Model::Answer status = inToken();
    if (status.kind == Dwc2Model::Answer::Done && (!status.bytes.empty() || status.toggle != 1))
        return Outcome::TimedOut;
    return outcomeOf(status.kind);
}

std::optional<Bytes> UsbHost::controlIn(uint8_t type, uint8_t request, uint16_t value,
                                        uint16_t index, uint16_t length)
{
    Bytes bytes;
    if (control(type, request, value, index, length, &bytes) != Outcome::Ok) return {};
    return bytes;
}

bool UsbHost::controlOut(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                         const Bytes &data)
{
    Bytes bytes = data;
    return control(type, request, value, index, static_cast<uint16_t>(bytes.size()), &bytes) ==
           Outcome::Ok;
}

void UsbHost::clearHalt(uint8_t endpoint)
{
    if (controlOut(0x02, 1, 0, endpoint)) (endpoint & 0x80 ? toggleIn : toggleOut) = 0;
}

Dwc2Model::Answer::Kind UsbHost::bulkOutPacket(const Bytes &packet)
{
    const Dwc2Model::Answer answer = m_model.out(1, packet, toggleOut);
    service();
    if (answer.kind == Dwc2Model::Answer::Done) toggleOut ^= 1;
    return answer.kind;
}

Dwc2Model::Answer UsbHost::bulkInPacket()
{
    const Dwc2Model::Answer answer = m_model.in(1);
    service();
    if (answer.kind == Dwc2Model::Answer::Done) {
        if (answer.toggle != toggleIn)
            return {Dwc2Model::Answer::Nothing, {}, answer.toggle}; // dropped as a repetition
        toggleIn ^= 1;
    }
    return answer;
}

bool UsbHost::bulkOut(const Bytes &bytes)
{
    size_t at = 0;
    do {
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        const Bytes packet(
            begin, begin + static_cast<std::ptrdiff_t>(std::min(packetBytes, bytes.size() - at)));
        Dwc2Model::Answer::Kind kind = Dwc2Model::Answer::Nak;
        for (int i = 0; i < patience && kind == Dwc2Model::Answer::Nak; i++) {
            kind = bulkOutPacket(packet);
        }
        if (kind != Dwc2Model::Answer::Done) return false;
        at += packetBytes;
    } while (at < bytes.size());
    return true;
}

std::optional<Bytes> UsbHost::bulkIn(size_t length)
{
    Bytes bytes;
    for (int naks = 0; naks < patience;) {
        const Dwc2Model::Answer answer = bulkInPacket();
        if (answer.kind == Dwc2Model::Answer::Nak) {
            naks++;
            continue;
        }
        if (answer.kind != Dwc2Model::Answer::Done) return {};
        naks = 0;
        bytes.insert(bytes.end(), answer.bytes.begin(), answer.bytes.end());
        if (answer.bytes.size() < packetBytes || bytes.size() >= length) return bytes;
    }
    return {};
}
