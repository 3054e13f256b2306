#pragma once

#include <QString>
#include <QStringList>

#include <functional>
#include <map>

/// The registers that the STM32 port's C files see on a host: a memory that tests give behaviour.
/// What the hardware would not forgive is collected as sentences.
class RegisterModel
{
public:
    using Write = std::function<void(uint32_t before, uint32_t now)>;
    using Read = std::function<uint32_t(uint32_t stored)>;

    /// The model that reg_read() and reg_write() reach; one at a time.
    RegisterModel();
    ~RegisterModel();
    RegisterModel(const RegisterModel &) = delete;
    RegisterModel &operator=(const RegisterModel &) = delete;

    uint32_t &at(uint32_t address) { return m_values[address]; }
    bool bit(uint32_t address, int number) { return m_values[address] >> number & 1u; }
    /// Bits [from, from + count).
    uint32_t field(uint32_t address, int from, int count)
    {
        return m_values[address] >> from & ((1u << count) - 1u);
    }
    void onWrite(uint32_t address, Write hook) { m_writes[address] = std::move(hook); }
    void onRead(uint32_t address, Read hook) { m_reads[address] = std::move(hook); }
    /// Every write to [from, from + size) is wrong unless `on`.
    void guard(const QString &what, uint32_t from, uint32_t size, std::function<bool()> on);
    void complain(const QString &what) { m_complaints.append(what); }
    QStringList complaints() const { return m_complaints; }
    int writes() const { return m_written; }
    /// Values written to an address, in order.
    std::vector<uint32_t> history(uint32_t address) const;

    uint32_t read(uint32_t address);
    void write(uint32_t address, uint32_t value);

private:
    struct Guard {
        QString what;
        uint32_t from, size;
        std::function<bool()> on;
    };
    std::map<uint32_t, uint32_t> m_values;
    std::map<uint32_t, Write> m_writes;
    std::map<uint32_t, Read> m_reads;
    std::vector<Guard> m_guards;
    std::vector<std::pair<uint32_t, uint32_t>> m_log;
    QStringList m_complaints;
    int m_written = 0;
};
