// A board on the bench: model, driver and host, alike in all tests of the driver.
#pragma once

#include <QtTest>

#include <cstring>
#include <memory>

#include "tests/firmware/usb/usb_host.h"

struct Bench {
    Bench(uint32_t coreId, uint32_t fifoWords, int interrupts = 1)
        : model(coreId, fifoWords), host(model)
    {
        config.fifo_words = fifoWords;
        config.interrupts = interrupts;
        config.board = "NUCLEO-H743ZI2";
        config.unique_id = uniqueId;
        config.vendor_out = [](uint8_t request, uint16_t value, const uint8_t *data, size_t count) {
            s_request = request;
            s_value = value;
            s_data.assign(data, data + count);
            return request != refusedRequest ? 1 : 0;
        };
        host.pollAlways = !interrupts;
        s_request = 0;
        s_data.clear();
    }

    bool start() { return driver().init(&config) == 0 && host.enumerate(); }
    // As a program does: reads and writes, then has the driver look at what that made possible.
    void poll()
    {
        model.beginPoll();
        driver().poll();
    }
    Bytes read(size_t room)
    {
        Bytes bytes(room);
        bytes.resize(driver().read(bytes.data(), room));
        poll();
        return bytes;
    }
    size_t write(const Bytes &bytes)
    {
        const size_t count = driver().write(bytes.data(), bytes.size());
        poll();
        return count;
    }
    QByteArray violations() const
    {
        QByteArray all;
        for (const std::string &one : model.violations()) {
            all += one.c_str();
            all += "\n";
        }
        return all;
    }

    static constexpr uint8_t refusedRequest = 99;
    static inline const uint8_t uniqueId[12] = {0, 0x12, 0xAB, 3, 4, 5, 6, 7, 8, 9, 10, 0xFF};
    static inline uint8_t s_request = 0;
    static inline uint16_t s_value = 0;
    static inline Bytes s_data;
    Dwc2Model model;
    UsbHost host;
    dwc2_config_t config{};
};

// Global rows of each test: the revisions that our boards have, and the one before with its
// opposite quirks.
inline void addCores()
{
    QTest::addColumn<uint>("core");
    QTest::addColumn<uint>("fifoWords");
    QTest::newRow("core 0x1200") << 0x1200u << 320u;
    QTest::newRow("core 0x2000 (F412)") << 0x2000u << 320u;
    if (qEnvironmentVariableIsSet("DWC2_DRIVER")) return; // defects show with those two
    QTest::newRow("core 0x3000 (F746)") << 0x3000u << 320u;
    QTest::newRow("core 0x3100 (H743)") << 0x3100u << 1024u;
}

inline std::unique_ptr<Bench> newBench(int interrupts = 1)
{
    QFETCH_GLOBAL(uint, core);
    QFETCH_GLOBAL(uint, fifoWords);
    return std::make_unique<Bench>(core, fifoWords, interrupts);
}

inline Bytes counting(size_t count, uint8_t first = 0)
{
    Bytes bytes(count);
    for (size_t i = 0; i < count; i++) {
        bytes[i] = static_cast<uint8_t>(first + i * 7);
    }
    return bytes;
}
