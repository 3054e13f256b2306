#include "core/device/session_private.h"

#include <QtEndian>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int requestMs = 2000;

QByteArray encodedWrite(quint32 offset, QByteArrayView bytes)
{
    const ap_write_t write{AP_REGION_MODEL_INPUT, offset,
                           reinterpret_cast<const quint8 *>(bytes.data()), quint32(bytes.size())};
    return encoded(ap_encode_write, write);
}

quint32 crcOf(QByteArrayView bytes)
{
    return ap_crc32(0, bytes.data(), std::size_t(bytes.size()));
}

} // namespace

LinkResult<QByteArray> Session::Private::read(ap_region_t region, quint32 count,
                                              const RunControl &control)
{
    QByteArray all;
    while (quint32(all.size()) < count) {
        const ap_range_t range{
            quint8(region), quint32(all.size()),
            std::min<quint32>(count - quint32(all.size()), info.hello.max_payload)};
        auto part = request(AP_MSG_READ, encoded(ap_encode_range, range), requestMs, control);
        if (!part) return part;
        if (quint32(part->size()) != range.count)
            return lie(
                QStringLiteral("gives %1 bytes instead of %2").arg(part->size()).arg(range.count));
        all += *part;
        control.progress(double(all.size()) / count);
    }
    return all;
}

LinkResult<OperatorResult> Session::Private::result(const QByteArray &payload,
                                                    int repetitions) const
{
    OperatorResult result;
    ap_result_t &raw = result.raw;
    if (!decoded(ap_decode_result, payload, raw))
        return lie(QStringLiteral("a result of %1 bytes cannot be read").arg(payload.size()));
    if (raw.repetitions != quint32(repetitions) || raw.min > raw.median || raw.median > raw.max ||
        raw.first < raw.min || raw.first > raw.max || raw.max == 0)
        return lie(
            QStringLiteral("a result that cannot be: %1 repetitions of %2 to %3 with a median of "
                           "%4; press its reset button")
                .arg(raw.repetitions)
                .arg(raw.min)
                .arg(raw.max)
                .arg(raw.median));
    const qint64 clock = info.hello.clock_hz;
    const auto inUnit = [clock](quint32 count) -> qint64 {
        if (!clock) return count;
        return (qint64(count) * 1'000'000'000 + clock / 2) / clock;
    };
    result.unit = clock ? SampleUnit::Nanoseconds : SampleUnit::Instructions;
    result.median = inUnit(raw.median);
    result.min = inUnit(raw.min);
    result.max = inUnit(raw.max);
    return result;
}

LinkResult<OperatorResult> Session::Private::run(const ap_operator_t &op, int repetitions,
                                                 const RunControl &control)
{
    const ap_run_operator_t wanted{op, quint16(repetitions)};
    // A few milliseconds' work is done at once, while the board works too.
    const bool isLarge = multiplications(op) > 2e6;
    const auto begin = [&] {
        expected = std::async(isLarge ? std::launch::async : std::launch::deferred,
                              [op, bytes = window] { return expectedOutputCrc(op, bytes); });
        if (!isLarge) expected.wait();
    };
    auto reply = request(AP_MSG_RUN_OPERATOR, encoded(ap_encode_run_operator, wanted),
                         runTimeoutMs(op, repetitions, info.hello.clock_hz), control, begin);
    if (!reply) return tl::unexpected(reply.error());
    const LinkResult<quint32> crc = expected.get();
    if (!crc) return tl::unexpected(crc.error());
    auto measured = result(*reply, repetitions);
    if (measured && measured->raw.output_crc != *crc)
        return lie(
            QStringLiteral("the operator's output differs from what this computer computes; flash "
                           "the firmware anew"));
    return measured;
}

LinkResult<OperatorResult> Session::run(const ap_operator_t &op, int repetitions,
                                        const RunControl &control)
{
    if (!d->trusted)
        return linkFail(LinkFault::Refused,
                        QStringLiteral("the board has not passed its self-test yet"));
    return d->run(op, std::clamp<int>(repetitions, 1, d->info.hello.max_repetitions), control);
}

LinkResult<Session::NetworkResult> Session::runNetwork(const ap_network_begin_t &begin,
                                                       const std::vector<ap_operator_t> &steps,
                                                       int repetitions, const RunControl &control)
{
    if (!d->trusted)
        return linkFail(LinkFault::Refused,
                        QStringLiteral("the board has not passed its self-test yet"));
    if (steps.size() > d->info.hello.max_steps || begin.steps != steps.size())
        return linkFail(LinkFault::Refused,
                        QStringLiteral("the network has %1 steps, the firmware takes %2")
                            .arg(steps.size())
                            .arg(d->info.hello.max_steps),
                        AP_DOES_NOT_FIT);
    repetitions = std::clamp<int>(repetitions, 1, d->info.hello.max_repetitions);
    auto reply = d->request(AP_MSG_NETWORK_BEGIN, encoded(ap_encode_network_begin, begin),
                            requestMs, control);
    qint64 timeoutMs = 0;
    for (std::size_t i = 0; reply && i < steps.size(); ++i) {
        const ap_network_step_t step{quint16(i), steps[i]};
        reply = d->request(AP_MSG_NETWORK_STEP, encoded(ap_encode_network_step, step), requestMs,
                           control);
        timeoutMs += runTimeoutMs(steps[i], repetitions, d->info.hello.clock_hz);
    }
    if (!reply) return tl::unexpected(reply.error());
    const ap_network_run_t run{quint16(repetitions)};
    reply = d->request(AP_MSG_NETWORK_RUN, encoded(ap_encode_network_run, run),
                       int(std::min<qint64>(timeoutMs, 3'600'000)), control, [&] {
                           d->expected =
                               std::async(std::launch::async, [begin, steps, bytes = d->window] {
                                   return expectedOutputCrc(begin, steps, bytes);
                               });
                       });
    if (!reply) return tl::unexpected(reply.error());
    const LinkResult<quint32> crc = d->expected.get();
    if (!crc) return tl::unexpected(crc.error());
    auto total = d->result(*reply, repetitions);
    if (!total) return tl::unexpected(total.error());
    if (total->raw.output_crc != *crc)
        return d->lie(
            QStringLiteral("the network's output differs from what this computer computes"));
    auto cycles = d->read(AP_REGION_STEP_CYCLES, quint32(4 * steps.size()), control);
    if (!cycles) return tl::unexpected(cycles.error());
    NetworkResult result{*std::move(total), {}};
    for (qsizetype i = 0; i < cycles->size(); i += 4)
        result.stepCycles.push_back(qFromLittleEndian<quint32>(cycles->constData() + i));
    return result;
}

LinkResult<Session::ModelResult> Session::runModel(QByteArrayView input, const RunControl &control)
{
    const ap_hello_t &hello = d->info.hello;
    if (!d->info.hasModel())
        return linkFail(
            LinkFault::Refused,
            QStringLiteral("no network is linked into the firmware of %1").arg(d->link->name()),
            AP_NO_MODEL);
    if (input.size() != qsizetype(hello.model_input_bytes))
        return linkFail(LinkFault::Refused,
                        QStringLiteral("the board's network takes %1 bytes, this input has %2")
                            .arg(hello.model_input_bytes)
                            .arg(input.size()),
                        AP_BAD_LENGTH);
    const qsizetype room = hello.max_payload - encodedWrite(0, {}).size();
    for (qsizetype at = 0; at < input.size(); at += room) {
        const QByteArrayView part = input.sliced(at, std::min(room, input.size() - at));
        auto written =
            d->request(AP_MSG_WRITE, encodedWrite(quint32(at), part), requestMs, control);
        if (!written) return tl::unexpected(written.error());
    }
    // What the model is, only its maker knows: the largest network takes an emulator about a
    // minute.
    constexpr int modelMs = 300'000;
    auto reply = d->request(AP_MSG_VALIDATE, {}, modelMs, control);
    if (!reply) return tl::unexpected(reply.error());
    auto run = d->result(*reply, 1);
    if (!run) return tl::unexpected(run.error());
    auto output = d->read(AP_REGION_MODEL_OUTPUT, hello.model_output_bytes, control);
    if (!output) return tl::unexpected(output.error());
    if (crcOf(*output) != run->raw.output_crc)
        return d->lie(QStringLiteral("the output that it sends is not the one that it computed"));
    return ModelResult{*std::move(run), *std::move(output)};
}

} // namespace atomnet
