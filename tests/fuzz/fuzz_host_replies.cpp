// A board that says anything: whatever comes, every request of a session ends, with a result that
// has passed its checks or with a sentence. The first byte says how many requests are answered
// honestly, the others are a script of how the next ones are.
#include "core/device/operator_request.h"
#include "core/device/session_private.h"
#include "firmware/protocol/ap_fields.h"
#include "firmware/protocol/ap_pattern.h"

#include <QtEndian>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

using namespace atomnet;

namespace
{

/// Unlike an assertion it stays in every build type.
void require(bool holds, const char *what)
{
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

constexpr quint32 windowBytes = AP_PATTERN_BYTES + 256, modelInput = 3000, modelOutput = 5;

ap_hello_t goodHello()
{
    ap_hello_t hello{};
    hello.major = AP_PROTOCOL_MAJOR;
    hello.firmware_version = AP_FIRMWARE_VERSION;
    hello.kernel_version = 1;
    hello.kernel_hash = kernelHash();
    hello.clock_hz = 100'000'000;
    hello.flags = AP_FLAG_MODEL;
    hello.conditions_supported = AP_COND_ALL;
    hello.arena_bytes = 1 << 20;
    hello.window_bytes = windowBytes;
    hello.pattern_bytes = AP_PATTERN_BYTES;
    hello.max_channels = AP_MAX_CHANNELS;
    hello.max_payload = AP_MAX_PAYLOAD;
    hello.max_steps = hello.max_repetitions = 100;
    hello.model_input_bytes = modelInput;
    hello.model_output_bytes = modelOutput;
    hello.core = 7;
    std::strcpy(hello.board, "fuzz");
    return hello;
}

quint32 crcOf(QByteArrayView bytes)
{
    return ap_crc32(0, bytes.data(), std::size_t(bytes.size()));
}

QByteArray resultWith(quint32 repetitions, quint32 crc)
{
    const ap_result_t result{repetitions, 10, 9, 10, 12, crc, 100, 0};
    return encoded(ap_encode_result, result);
}

/// Answers requests as the firmware would.
class Honest
{
public:
    QByteArray answer(ap_message_t type, const QByteArray &payload)
    {
        switch (type) {
        case AP_MSG_HELLO:
            return encoded(ap_encode_hello, goodHello());
        case AP_MSG_SELF_TEST:
            return encoded(ap_encode_self_test, ap_self_test_t{0, 1000});
        case AP_MSG_CONDITIONS: {
            ap_conditions_t wanted{};
            (void)decoded(ap_decode_conditions, payload, wanted);
            return encoded(ap_encode_conditions,
                           ap_conditions_t{wanted.conditions, 2, goodHello().clock_hz});
        }
        case AP_MSG_RUN_OPERATOR: {
            ap_run_operator_t run{};
            (void)decoded(ap_decode_run_operator, payload, run);
            const auto known = m_crcs.try_emplace(payload.first(AP_OPERATOR_BYTES), 0);
            if (known.second) known.first->second = expectedOutputCrc(run.op, m_window).value_or(0);
            return resultWith(run.repetitions, known.first->second);
        }
        case AP_MSG_NETWORK_BEGIN:
            m_steps.clear();
            (void)decoded(ap_decode_network_begin, payload, m_network);
            return {};
        case AP_MSG_NETWORK_STEP: {
            ap_network_step_t step{};
            (void)decoded(ap_decode_network_step, payload, step);
            m_steps.push_back(step.op);
            return {};
        }
        case AP_MSG_NETWORK_RUN:
            return resultWith(1, expectedOutputCrc(m_network, m_steps, m_window).value_or(0));
        case AP_MSG_VALIDATE:
            return resultWith(1, crcOf(QByteArray(modelOutput, '\0')));
        case AP_MSG_READ: {
            ap_range_t range{};
            (void)decoded(ap_decode_range, payload, range);
            if (range.region == AP_REGION_WINDOW) return m_window.mid(range.offset, range.count);
            return QByteArray(range.count, '\0');
        }
        case AP_MSG_CRC: {
            QByteArray crc(4, '\0');
            qToLittleEndian(crcOf(m_window), crc.data());
            return crc;
        }
        default:
            return {};
        }
    }

private:
    QByteArray m_window = freshWindow(windowBytes);
    std::map<QByteArray, quint32> m_crcs; ///< by operator
    ap_network_begin_t m_network{};
    std::vector<ap_operator_t> m_steps;
};

/// Unplugged where the script ends.
class ScriptedLink : public Link
{
public:
    ScriptedLink(const quint8 *script, std::size_t count)
        : m_script(reinterpret_cast<const char *>(script), qsizetype(count))
    {
    }
    LinkResult<> open() override
    {
        m_ready.clear();
        return {};
    }
    void close() override {}
    void interrupt() override {}
    QString name() const override { return QStringLiteral("the board"); }

    LinkResult<> write(QByteArrayView bytes, int) override
    {
        for (const char byte : bytes)
            if (ap_header_t header{}; ap_decoder_push(&m_decoder, quint8(byte), &header))
                reply(header);
        return {};
    }
    LinkResult<QByteArray> read(int) override
    {
        if (!m_ready.isEmpty()) return std::exchange(m_ready, {});
        switch (next() % 4) {
        case 0:
            return linkFail(LinkFault::Timeout, QStringLiteral("nothing"));
        case 1:
            return take(1 + next());
        case 2:
            return linkFail(LinkFault::Protocol, QStringLiteral("stalled"));
        default:
            return linkFail(LinkFault::Gone, QStringLiteral("unplugged"));
        }
    }

private:
    /// 255 behind the end: gone.
    int next() { return m_at < m_script.size() ? quint8(m_script[m_at++]) : 255; }
    QByteArray take(int count)
    {
        const QByteArray part = m_script.mid(m_at, count);
        m_at += part.size();
        return part.isEmpty() ? QByteArray("?") : part;
    }
    void reply(ap_header_t header)
    {
        const QByteArray request(reinterpret_cast<const char *>(m_decoder.plain) + AP_HEADER_BYTES,
                                 qsizetype(header.count));
        const bool honest = m_honestLeft > 0;
        if (!honest && m_at >= m_script.size()) return;
        m_honestLeft -= honest;
        QByteArray payload = m_honest.answer(ap_message_t(header.type), request);
        header.status = AP_OK;
        const int lie = honest ? 255 : next();
        switch (lie) {
        case 1:   // one byte is another
        case 2: { // two
            for (int i = 0; i < lie && !payload.isEmpty(); ++i) {
                const int at = next() << 8 | next();
                payload[at % payload.size()] = char(next());
            }
            break;
        }
        case 3:
            payload.truncate(next());
            break;
        case 4:
            payload += take(next());
            break;
        case 5:
            payload = take(next());
            break;
        case 6:
            header.status = quint8(next());
            payload = take(next());
            break;
        case 7:
            header.type = quint8(next());
            break;
        case 8:
            header.sequence = quint16(header.sequence + next());
            break;
        case 9:
            return;
        default: // the truth
            break;
        }
        payload.truncate(AP_MAX_PAYLOAD);
        header.count = std::size_t(payload.size());
        QByteArray frame(AP_MAX_FRAME, '\0');
        frame.truncate(qsizetype(
            ap_frame_encode(&header, reinterpret_cast<const quint8 *>(payload.constData()),
                            reinterpret_cast<quint8 *>(frame.data()))));
        if (lie == 10) frame[next() % frame.size()] = char(next());
        if (lie == 11) frame = take(next()) + frame;
        m_ready += frame;
    }

    QByteArray m_script, m_ready;
    qsizetype m_at = 0;
    int m_honestLeft = next();
    ap_decoder_t m_decoder{};
    inline static Honest m_honest; ///< what it has computed, it keeps from script to script
};

template <class T>
bool check(const LinkResult<T> &result)
{
    require(result || !result.error().what.isEmpty(), "an error has a sentence");
    return result.has_value();
}

void checkResult(const LinkResult<OperatorResult> &result)
{
    if (!check(result)) return;
    require(result->min <= result->median && result->median <= result->max && result->max > 0,
            "a result is in order");
}

ap_operator_t someOperator()
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.act = KeyAct::Relu;
    key.variant = 1;
    key.inH = key.inW = key.outH = key.outW = 2;
    key.inC = key.outC = 4;
    return operatorRequest(key, ownPlace(key)).value();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    auto opened = Session::open(std::make_unique<ScriptedLink>(data, size));
    if (!check(opened)) return 0;
    Session session = *std::move(opened);
    require(!session.info().board.isEmpty(), "a board has a name");
    require(session.info().hello.max_payload <= AP_MAX_PAYLOAD, "messages fit");
    const ap_operator_t op = someOperator();
    if (check(session.trust())) {
        require(session.window().size() == qsizetype(session.info().hello.window_bytes),
                "the window is all there");
        checkResult(session.run(op, 3));
        const ap_network_begin_t begin{1024, 0, 16, op.out_offset, 16, 1, 1};
        if (const auto network = session.runNetwork(begin, {op}, 1); check(network))
            require(network->stepCycles.size() == 1, "every step has its cycles");
    } else {
        require(!session.trusted(), "what failed is not trusted");
        require(!session.run(op, 1), "and measures nothing");
    }
    if (const auto model = session.runModel(QByteArray(modelInput, '\1')); check(model))
        require(model->output.size() == qsizetype(session.info().hello.model_output_bytes),
                "the output is all there");
    check(session.setConditions(AP_COND_ICACHE));
    const DeviceInfo before = session.info();
    if (check(session.reconnect(0)))
        require(session.info().condition() == before.condition(), "it comes back as it was");
    checkResult(session.run(op, 2));
    check(session.reset());
    check(session.enterBootloader());
    return 0;
}
