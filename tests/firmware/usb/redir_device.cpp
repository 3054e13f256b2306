#include "tests/firmware/usb/redir_device.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "firmware/protocol/ap_protocol.h"

namespace
{

constexpr size_t packetBytes = 64;
constexpr uint8_t uniqueId[AP_UNIQUE_BYTES] = {0xA7, 0x0A, 0x0E, 0x70, 1, 2, 3, 4, 5, 6, 7, 8};

void setNonBlocking(int file)
{
    fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK);
}

// usbredir wants 0 for "later" and -1 for an end.
int ioResult(ssize_t count, bool zeroIsEnd)
{
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    return count == 0 && zeroIsEnd ? -1 : static_cast<int>(count);
}

uint8_t statusOf(Outcome outcome)
{
    if (outcome == Outcome::Ok) return usb_redir_success;
    return outcome == Outcome::Stalled ? usb_redir_stall : usb_redir_timeout;
}

} // namespace

RedirDevice::RedirDevice(int qemu, int toProgram, int fromProgram)
    : m_qemu(qemu)
    , m_toProgram(toProgram)
    , m_fromProgram(fromProgram)
    , m_parser(usbredirparser_create())
    , m_model(0x3100, 1024)
    , m_host(m_model)
{
    for (const int file : {qemu, toProgram, fromProgram}) {
        setNonBlocking(file);
    }
    m_config.fifo_words = 1024;
    m_config.interrupts = 1;
    m_config.board = "model";
    m_config.unique_id = uniqueId;

    m_parser->priv = this;
    m_parser->log_func = [](void *, int level, const char *text) {
        if (level <= usbredirparser_warning) std::fprintf(stderr, "usbredir: %s\n", text);
    };
    m_parser->read_func = [](void *own, uint8_t *data, int count) {
        return ioResult(read(self(own).m_qemu, data, static_cast<size_t>(count)), true);
    };
    m_parser->write_func = [](void *own, uint8_t *data, int count) {
        return ioResult(write(self(own).m_qemu, data, static_cast<size_t>(count)), false);
    };
    m_parser->hello_func = [](void *own, usb_redir_hello_header *) { self(own).attach(); };
    m_parser->reset_func = [](void *own) {
        RedirDevice &device = self(own);
        device.dropTransfers();
        device.m_host.reset();
        if (device.control(0, 5, 5, 0) == usb_redir_success) device.m_model.busAddress = 5;
    };
    m_parser->set_configuration_func = [](void *own, uint64_t id,
                                          usb_redir_set_configuration_header *header) {
        RedirDevice &device = self(own);
        device.dropTransfers();
        usb_redir_configuration_status_header reply{device.control(0, 9, header->configuration, 0),
                                                    header->configuration};
        device.m_host.toggleIn = device.m_host.toggleOut = 0;
        usbredirparser_send_configuration_status(device.m_parser, id, &reply);
    };
    m_parser->get_configuration_func = [](void *own, uint64_t id) {
        RedirDevice &device = self(own);
        const std::optional<Bytes> got = device.m_host.controlIn(0x80, 8, 0, 0, 1);
        usb_redir_configuration_status_header reply{
            static_cast<uint8_t>(got ? usb_redir_success : usb_redir_stall),
            got ? got->at(0) : uint8_t(0)};
        usbredirparser_send_configuration_status(device.m_parser, id, &reply);
    };
    m_parser->set_alt_setting_func = [](void *own, uint64_t id,
                                        usb_redir_set_alt_setting_header *header) {
        RedirDevice &device = self(own);
        device.dropTransfers();
        const uint8_t status = device.control(1, 11, header->alt, header->interface);
        device.m_host.toggleIn = device.m_host.toggleOut = 0;
        usb_redir_alt_setting_status_header reply{status, header->interface, header->alt};
        usbredirparser_send_alt_setting_status(device.m_parser, id, &reply);
    };
    m_parser->get_alt_setting_func = [](void *own, uint64_t id,
                                        usb_redir_get_alt_setting_header *header) {
        RedirDevice &device = self(own);
        const std::optional<Bytes> got = device.m_host.controlIn(0x81, 10, 0, header->interface, 1);
        usb_redir_alt_setting_status_header reply{
            static_cast<uint8_t>(got ? usb_redir_success : usb_redir_stall), header->interface,
            got ? got->at(0) : uint8_t(0)};
        usbredirparser_send_alt_setting_status(device.m_parser, id, &reply);
    };
    m_parser->control_packet_func = [](void *own, uint64_t id,
                                       usb_redir_control_packet_header *header, uint8_t *data,
                                       int count) {
        RedirDevice &device = self(own);
        device.controlPacket(id, *header, Bytes(data, data + (data ? count : 0)));
        if (data) usbredirparser_free_packet_data(device.m_parser, data);
    };
    m_parser->bulk_packet_func = [](void *own, uint64_t id, usb_redir_bulk_packet_header *header,
                                    uint8_t *data, int count) {
        RedirDevice &device = self(own);
        auto &queue = header->endpoint & 0x80 ? device.m_in : device.m_out;
        queue.push_back({id, *header, Bytes(data, data + (data ? count : 0))});
        if (data) usbredirparser_free_packet_data(device.m_parser, data);
    };
    m_parser->cancel_data_packet_func = [](void *own, uint64_t id) {
        RedirDevice &device = self(own);
        for (auto *queue : {&device.m_in, &device.m_out}) {
            const auto found = std::find_if(queue->begin(), queue->end(),
                                            [&](const Transfer &one) { return one.id == id; });
            if (found == queue->end()) continue;
            usb_redir_bulk_packet_header header = found->header;
            header.status = usb_redir_cancelled;
            header.length = header.length_high = 0;
            usbredirparser_send_bulk_packet(device.m_parser, id, &header, nullptr, 0);
            queue->erase(found);
        }
    };
    m_parser->device_disconnect_ack_func = [](void *) {};

    uint32_t caps[USB_REDIR_CAPS_SIZE] = {};
    for (const int cap : {usb_redir_cap_connect_device_version, usb_redir_cap_device_disconnect_ack,
                          usb_redir_cap_ep_info_max_packet_size, usb_redir_cap_64bits_ids,
                          usb_redir_cap_32bits_bulk_length}) {
        usbredirparser_caps_set_cap(caps, cap);
    }
    usbredirparser_init(m_parser, "model of a board", caps, USB_REDIR_CAPS_SIZE,
                        usbredirparser_fl_usb_host);
}

RedirDevice::~RedirDevice()
{
    usbredirparser_destroy(m_parser);
}

uint8_t RedirDevice::control(uint8_t type, uint8_t request, uint16_t value, uint16_t index)
{
    return statusOf(m_host.control(type, request, value, index, 0));
}

// Tells QEMU what the device's own descriptors say.
void RedirDevice::attach()
{
    m_host.reset();
    const std::optional<Bytes> device = m_host.controlIn(0x80, 6, 0x0100, 0, 18);
    const std::optional<Bytes> all = m_host.controlIn(0x80, 6, 0x0200, 0, 512);
    if (!device || device->size() != 18 || !all) {
        m_ended = true;
        return;
    }
    usb_redir_interface_info_header interfaces{};
    usb_redir_ep_info_header endpoints{};
    std::fill(std::begin(endpoints.type), std::end(endpoints.type),
              uint8_t(usb_redir_type_invalid));
    for (const size_t zero : {0, 16}) {
        endpoints.type[zero] = usb_redir_type_control;
        endpoints.max_packet_size[zero] = device->at(7);
    }
    for (size_t at = 0; at + 1 < all->size() && all->at(at) >= 2 && at + all->at(at) <= all->size();
         at += all->at(at)) {
        const uint8_t *descriptor = all->data() + at;
        if (descriptor[1] == 4) {
            const uint32_t number = interfaces.interface_count++;
            interfaces.interface[number] = descriptor[2];
            interfaces.interface_class[number] = descriptor[5];
            interfaces.interface_subclass[number] = descriptor[6];
            interfaces.interface_protocol[number] = descriptor[7];
        } else if (descriptor[1] == 5) {
            const size_t index = (descriptor[2] & 15u) + (descriptor[2] & 0x80 ? 16u : 0u);
            endpoints.type[index] = descriptor[3] & 3;
            endpoints.max_packet_size[index] =
                static_cast<uint16_t>(descriptor[4] | descriptor[5] << 8);
        }
    }
    const auto word = [&](size_t at) {
        return static_cast<uint16_t>(device->at(at) | device->at(at + 1) << 8);
    };
    usb_redir_device_connect_header header{usb_redir_speed_full,
                                           device->at(4),
                                           device->at(5),
                                           device->at(6),
                                           word(8),
                                           word(10),
                                           word(12)};
    usbredirparser_send_interface_info(m_parser, &interfaces);
    usbredirparser_send_ep_info(m_parser, &endpoints);
    usbredirparser_send_device_connect(m_parser, &header);
}

void RedirDevice::controlPacket(uint64_t id, usb_redir_control_packet_header header,
                                const Bytes &data)
{
    const bool isIn = header.endpoint & 0x80;
    Bytes bytes = data;
    if (isIn) bytes.clear();
    header.status = statusOf(m_host.control(header.requesttype, header.request, header.value,
                                            header.index, header.length, &bytes));
    if (header.status != usb_redir_success) bytes.clear();
    // A host's driver starts its toggle anew, too.
    if (header.requesttype == 2 && header.request == 1 && header.value == 0) {
        (header.index & 0x80 ? m_host.toggleIn : m_host.toggleOut) = 0;
    }
    if (isIn || header.status != usb_redir_success)
        header.length = static_cast<uint16_t>(bytes.size());
    usbredirparser_send_control_packet(m_parser, id, &header, isIn ? bytes.data() : nullptr,
                                       isIn ? header.length : 0);
}

void RedirDevice::finish(std::deque<Transfer> &queue, uint8_t status)
{
    Transfer transfer = std::move(queue.front());
    queue.pop_front();
    const bool isIn = transfer.header.endpoint & 0x80;
    const size_t count = isIn ? transfer.bytes.size() : transfer.done;
    transfer.header.status = status;
    transfer.header.length = static_cast<uint16_t>(count & 0xFFFF);
    transfer.header.length_high = static_cast<uint16_t>(count >> 16);
    usbredirparser_send_bulk_packet(m_parser, transfer.id, &transfer.header,
                                    isIn ? transfer.bytes.data() : nullptr,
                                    isIn ? static_cast<int>(count) : 0);
}

void RedirDevice::dropTransfers()
{
    while (!m_in.empty()) {
        finish(m_in, usb_redir_cancelled);
    }
    while (!m_out.empty()) {
        finish(m_out, usb_redir_cancelled);
    }
}

bool RedirDevice::moveOut()
{
    if (m_out.empty()) return false;
    Transfer &transfer = m_out.front();
    const size_t count = std::min(packetBytes, transfer.bytes.size() - transfer.done);
    const auto begin = transfer.bytes.begin() + static_cast<std::ptrdiff_t>(transfer.done);
    const auto kind =
        m_host.bulkOutPacket(Bytes(begin, begin + static_cast<std::ptrdiff_t>(count)));
    if (kind == Dwc2Model::Answer::Nak) return false;
    if (kind == Dwc2Model::Answer::Done) transfer.done += count;
    if (kind != Dwc2Model::Answer::Done || transfer.done == transfer.bytes.size()) {
        finish(m_out, kind == Dwc2Model::Answer::Done ? usb_redir_success : usb_redir_stall);
    }
    return true;
}

bool RedirDevice::moveIn()
{
    if (m_in.empty()) return false;
    Transfer &transfer = m_in.front();
    const size_t wanted = transfer.header.length | static_cast<size_t>(transfer.header.length_high)
                                                       << 16;
    const Dwc2Model::Answer answer = m_host.bulkInPacket();
    if (answer.kind == Dwc2Model::Answer::Nak) return false;
    if (answer.kind != Dwc2Model::Answer::Done) {
        finish(m_in, usb_redir_stall);
        return true;
    }
    transfer.bytes.insert(transfer.bytes.end(), answer.bytes.begin(), answer.bytes.end());
    if (transfer.bytes.size() > wanted) {
        transfer.bytes.clear();
        finish(m_in, usb_redir_babble);
    } else if (answer.bytes.size() < packetBytes || transfer.bytes.size() == wanted) {
        finish(m_in, usb_redir_success);
    }
    return true;
}

// What a board's program does: reads what came, writes what is to go.
bool RedirDevice::moveProgram()
{
    bool moved = false;
    if (m_received.empty()) {
        m_received.resize(512);
        m_received.resize(driver().read(m_received.data(), m_received.size()));
        moved = !m_received.empty();
    }
    if (!m_received.empty()) {
        const ssize_t count = write(m_toProgram, m_received.data(), m_received.size());
        if (count > 0) m_received.erase(m_received.begin(), m_received.begin() + count);
        moved = moved || count > 0;
    }
    if (!m_toSend.empty()) {
        const size_t count = driver().write(m_toSend.data(), m_toSend.size());
        m_toSend.erase(m_toSend.begin(), m_toSend.begin() + static_cast<std::ptrdiff_t>(count));
        moved = moved || count > 0;
    }
    m_model.beginPoll();
    driver().poll();
    return moved;
}

void RedirDevice::moveEverything()
{
    bool moved = true;
    while (moved) {
        const bool out = moveOut(), in = moveIn();
        moved = moveProgram() || out || in;
    }
}

bool RedirDevice::waitForWork()
{
    const auto events = [](bool when, short what) { return static_cast<short>(when ? what : 0); };
    pollfd files[] = {
        {m_qemu,
         static_cast<short>(POLLIN |
                            events(usbredirparser_has_data_to_write(m_parser) > 0, POLLOUT)),
         0},
        {m_toSend.empty() ? m_fromProgram : -1, POLLIN, 0},
        {m_received.empty() ? -1 : m_toProgram, POLLOUT, 0}};
    if (::poll(files, std::size(files), -1) < 0) return errno == EINTR;
    if (files[0].revents & POLLOUT && usbredirparser_do_write(m_parser) < 0) return false;
    if (files[0].revents & (POLLIN | POLLHUP | POLLERR) &&
        usbredirparser_do_read(m_parser) == usbredirparser_read_io_error) {
        return false;
    }
    if (files[1].revents & (POLLIN | POLLHUP)) {
        m_toSend.resize(1024);
        const ssize_t count = read(m_fromProgram, m_toSend.data(), m_toSend.size());
        m_toSend.resize(count > 0 ? static_cast<size_t>(count) : 0);
        if (count == 0) return false;
    }
    return !(files[2].revents & POLLERR);
}

bool RedirDevice::run()
{
    if (driver().init(&m_config) != 0 || !m_model.pulledUp()) return false;
    while (waitForWork() && !m_ended) {
        moveEverything();
    }
    return !m_ended;
}
