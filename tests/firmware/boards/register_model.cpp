#include "tests/firmware/boards/register_model.h"

#include "firmware/port/stm32/reg.h"

static RegisterModel *s_model = nullptr;

uint32_t reg_read(uint32_t address)
{
    return s_model->read(address);
}

void reg_write(uint32_t address, uint32_t value)
{
    s_model->write(address, value);
}

RegisterModel::RegisterModel()
{
    Q_ASSERT(!s_model);
    s_model = this;
}

RegisterModel::~RegisterModel()
{
    s_model = nullptr;
}

void RegisterModel::guard(const QString &what, uint32_t from, uint32_t size,
                          std::function<bool()> on)
{
    m_guards.push_back({what, from, size, std::move(on)});
}

std::vector<uint32_t> RegisterModel::history(uint32_t address) const
{
    std::vector<uint32_t> values;
    for (const auto &[where, value] : m_log)
        if (where == address) values.push_back(value);
    return values;
}

uint32_t RegisterModel::read(uint32_t address)
{
    const auto hook = m_reads.find(address);
    return hook == m_reads.end() ? m_values[address] : hook->second(m_values[address]);
}

void RegisterModel::write(uint32_t address, uint32_t value)
{
    for (const Guard &guard : m_guards)
        if (address >= guard.from && address - guard.from < guard.size && !guard.on())
            complain(QStringLiteral("0x%1 is written while %2 has no clock")
                         .arg(address, 8, 16, QLatin1Char('0'))
                         .arg(guard.what));
    ++m_written;
    m_log.emplace_back(address, value);
    const uint32_t before = m_values[address];
    m_values[address] = value;
    const auto hook = m_writes.find(address);
    if (hook != m_writes.end()) hook->second(before, value);
}
