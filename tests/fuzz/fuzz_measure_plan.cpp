// Any bytes as a measuring plan: reading never crashes, and what it accepts can be asked of a board
// and written.
#include "core/device/measure_plan.h"
#include "core/device/session.h"

#include <cstdio>
#include <cstdlib>

namespace
{

/// Unlike an assertion it stays in every build type.
void require(bool holds, const char *what)
{
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

/// Small ones are computed too, wherever they say that their tensors lie.
void compute(const atomnet::PlanItem &item, const ap_operator_t &op)
{
    using namespace atomnet;
    if (arenaNeed(item.key, item.place) > 65536 || windowNeed(item.key) > 65536) return;
    if (macsOf(item.key) > 100'000) return;
    static const QByteArray window = freshWindow(65536);
    const auto crc = expectedOutputCrc(op, window);
    require(crc.has_value() || crc.error().fault == LinkFault::Refused,
            "only the kernel may refuse");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    using namespace atomnet;
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const QString name = QStringLiteral("fuzz");
    const Result<MeasurePlan> plan = readPlan(bytes, name);
    if (!plan) {
        require(!plan.error().what.isEmpty(), "an error has a sentence");
        require(plan.error().where.startsWith(name), "an error has a place");
        return 0;
    }
    for (const PlanItem &item : plan->items) {
        const auto op = operatorRequest(item.key, item.place);
        require(op.has_value(), "an accepted operator can be asked for");
        compute(item, *op);
    }
    const QByteArray written = writePlan(*plan);
    const Result<MeasurePlan> again = readPlan(written, name);
    require(again.has_value() && *again == *plan, "read(write(p)) is p");
    require(writePlan(*again) == written, "write(read(write(p))) is write(p)");
    return 0;
}
