#include "core/device/session.h"

#include "firmware/profiler/ap_operator.h"
#include "firmware/protocol/ap_operator_rules.h"
#include "firmware/protocol/ap_pattern.h"

#include <algorithm>
#include <cstdlib>

// What a board must answer: the same code on the same bytes, on this computer.
namespace atomnet
{

namespace
{

constexpr qint64 mostArena = qint64(64) << 20; ///< of memory that a description may ask for here

/// Memory as boards have it: aligned for every kernel.
class Arena
{
public:
    explicit Arena(qint64 bytes)
        : m_bytes(static_cast<uint8_t *>(std::aligned_alloc(32, std::size_t(bytes + 31) & ~31UL)))
    {
        Q_CHECK_PTR(m_bytes);
    }
    ~Arena() { std::free(m_bytes); }
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;
    [[nodiscard]] uint8_t *data() const { return m_bytes; }

private:
    uint8_t *m_bytes;
};

/// The window at an address that kernels can read from.
class Window
{
public:
    explicit Window(QByteArrayView window) : m_window(window)
    {
        if (quintptr(window.data()) % 4 != 0) m_window = m_copy = window.toByteArray();
    }
    [[nodiscard]] const uint8_t *data() const
    {
        return reinterpret_cast<const uint8_t *>(m_window.data());
    }

private:
    QByteArrayView m_window;
    QByteArray m_copy;
};

qint64 arenaOf(const ap_operator_t &op)
{
    ap_operator_sizes_t sizes{};
    ap_operator_sizes(&op, &sizes);
    const uint64_t ends[] = {
        op.in_offset + sizes.in, op.in2_offset + sizes.in2, op.out_offset + sizes.out,
        op.scratch_offset + sizes.scratch,
        op.weight_place == 0 ? 0 : op.weights_ram + sizes.weights + sizes.weights2 + 3};
    const uint64_t need = *std::max_element(std::begin(ends), std::end(ends));
    return qint64(std::min<uint64_t>(need, mostArena));
}

tl::unexpected<LinkError> refusedHere(ap_status_t status, int detail)
{
    return linkFail(LinkFault::Refused,
                    QStringLiteral("this operator cannot run here: status %1, field %2")
                        .arg(int(status))
                        .arg(detail),
                    status);
}

LinkResult<> check(const ap_operator_t &op, qint64 arena, qsizetype window)
{
    uint16_t field = 0;
    ap_status_t status = ap_operator_rules(&op, &field);
    if (status == AP_OK)
        status = ap_operator_check(&op, uint32_t(arena),
                                   uint32_t(std::min<qsizetype>(window, 0xFFFFFFFF)), &field);
    if (status != AP_OK) return refusedHere(status, field);
    return {};
}

LinkResult<> run(const ap_operator_t &op, const Arena &arena, const Window &window)
{
    if (const int status = ap_operator_run(&op, arena.data(), window.data()); status != 0)
        return refusedHere(AP_KERNEL_REFUSED, status);
    return {};
}

} // namespace

LinkResult<quint32> expectedOutputCrc(const ap_operator_t &op, QByteArrayView window)
{
    const qint64 bytes = arenaOf(op);
    if (auto good = check(op, bytes, window.size()); !good)
        return tl::make_unexpected(good.error());
    const Arena arena(bytes);
    ap_operator_fill(&op, arena.data());
    if (auto ran = run(op, arena, Window(window)); !ran) return tl::make_unexpected(ran.error());
    return ap_operator_crc(&op, arena.data());
}

LinkResult<quint32> expectedOutputCrc(const ap_network_begin_t &begin,
                                      const std::vector<ap_operator_t> &steps,
                                      QByteArrayView window)
{
    const qint64 bytes = begin.arena_bytes;
    if (bytes > mostArena || qint64(begin.input_offset) + begin.input_bytes > bytes ||
        qint64(begin.output_offset) + begin.output_bytes > bytes)
        return refusedHere(AP_DOES_NOT_FIT, 0);
    for (const ap_operator_t &step : steps)
        if (auto good = check(step, bytes, window.size()); !good)
            return tl::make_unexpected(good.error());
    const Arena arena(bytes);
    const Window aligned(window);
    std::fill_n(arena.data(), bytes, uint8_t(0));
    ap_fill(begin.seed, arena.data() + begin.input_offset, begin.input_bytes);
    for (const ap_operator_t &step : steps)
        if (auto ran = run(step, arena, aligned); !ran) return tl::make_unexpected(ran.error());
    return ap_crc32(0, arena.data() + begin.output_offset, begin.output_bytes);
}

QByteArray freshWindow(qint64 bytes)
{
    const qint64 pattern = std::min<qint64>(bytes, AP_PATTERN_BYTES);
    QByteArray window(reinterpret_cast<const char *>(ap_weights_pattern), qsizetype(pattern));
    window.resize(qsizetype(bytes), '\xFF');
    return window;
}

} // namespace atomnet
