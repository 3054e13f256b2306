#include "core/inference/runner.h"

#include "core/inference/bound_call.h"

#include <algorithm>
#include <cstring>

namespace atomnet
{

namespace
{

constexpr std::size_t guardBytes = 64; ///< on either side of the arena
constexpr quint8 guardByte = 0xA5;

/// Bytes aligned to 16 between guards that tell a write out of bounds.
class Guarded
{
public:
    explicit Guarded(qint64 bytes)
        : m_bytes(std::size_t(bytes)), m_memory(m_bytes + 2 * guardBytes + alignment, guardByte)
    {
        const auto address = reinterpret_cast<quintptr>(m_memory.data()) + guardBytes;
        m_start = guardBytes + (alignment - address % alignment) % alignment;
        std::memset(m_memory.data() + m_start, 0, m_bytes);
    }
    [[nodiscard]] qint8 *at(qint64 offset)
    {
        return reinterpret_cast<qint8 *>(m_memory.data() + m_start) + offset;
    }
    [[nodiscard]] bool intact() const
    {
        const auto untouched = [this](std::size_t from, std::size_t to) {
            return std::all_of(m_memory.begin() + std::ptrdiff_t(from),
                               m_memory.begin() + std::ptrdiff_t(to),
                               [](quint8 b) { return b == guardByte; });
        };
        return untouched(0, m_start) && untouched(m_start + m_bytes, m_memory.size());
    }

private:
    static constexpr std::size_t alignment = 16;
    std::size_t m_bytes;
    std::vector<quint8> m_memory;
    std::size_t m_start = 0;
};

Result<> judged(ak_status_t status, const Step &step)
{
    static constexpr std::array reasons{"", "a pointer is missing", "a shape it does not take",
                                        "a packing it does not read",
                                        "an address that is not aligned"};
    if (status == AK_OK) return {};
    const char *reason =
        std::size_t(status) < reasons.size() ? reasons[std::size_t(status)] : "an unknown status";
    return fail(ErrorCode::Device,
                QStringLiteral("the kernel refused: %1").arg(QLatin1String(reason)), step.name);
}

} // namespace

struct Runner::Private {
    const Program &program;
    Guarded arena;

    qint8 *at(qint64 offset) { return offset < 0 ? nullptr : arena.at(offset); }
};

Runner::Runner(const Program &program) : d(new Private{program, Guarded(program.arenaBytes)}) {}
Runner::~Runner() = default;

Result<> Runner::run(std::span<const qint8> input, std::span<qint8> output, const Tap &tap)
{
    const Program &program = d->program;
    Q_ASSERT(qint64(input.size()) == program.inputBytes &&
             qint64(output.size()) == program.outputBytes);
    std::copy(input.begin(), input.end(), d->at(program.inputOffset));
    for (const Step &step : program.steps) {
        const CallMemory memory{{d->at(step.inputOffsets[0]), d->at(step.inputOffsets[1])},
                                d->at(step.outputOffset),
                                d->at(step.scratchOffset)};
        if (auto done = judged(runCall(program, step.call, memory), step); !done) return done;
        if (tap) tap(step, {d->at(step.outputOffset), std::size_t(step.outputBytes)});
    }
    if (!d->arena.intact())
        return fail(ErrorCode::Device, QStringLiteral("a kernel wrote beyond the arena"));
    const qint8 *result = d->at(program.outputOffset);
    std::copy(result, result + program.outputBytes, output.begin());
    return {};
}

Result<std::vector<qint8>> Runner::runStep(int index, std::span<const qint8> in0,
                                           std::span<const qint8> in1)
{
    const Step &step = d->program.steps[std::size_t(index)];
    const qint64 scratchBytes = scratchBytesOf(step.call);
    Guarded first(qint64(in0.size())), second(qint64(in1.size())), out(step.outputBytes),
        scratch(scratchBytes);
    std::copy(in0.begin(), in0.end(), first.at(0));
    std::copy(in1.begin(), in1.end(), second.at(0));
    const CallMemory memory{{first.at(0), second.at(0)}, out.at(0), scratch.at(0)};
    if (auto done = judged(runCall(d->program, step.call, memory), step); !done)
        return tl::make_unexpected(done.error());
    if (!first.intact() || !second.intact() || !out.intact() || !scratch.intact())
        return fail(ErrorCode::Device, QStringLiteral("the kernel wrote out of bounds"), step.name);
    return std::vector<qint8>(out.at(0), out.at(0) + step.outputBytes);
}

} // namespace atomnet
