#include "tests/core/device/scripted_board.h"

#include "firmware/kernels/ak_types.h"
#include "firmware/protocol/ap_pattern.h"

#include <QDeadlineTimer>
#include <QThread>
#include <QtEndian>

#include <algorithm>

namespace atomnet::test
{

namespace
{

template <class T>
QByteArray encoded(size_t (*encode)(const T *, uint8_t *), const T &value)
{
    QByteArray bytes(AP_MAX_PAYLOAD, '\0');
    bytes.truncate(qsizetype(encode(&value, reinterpret_cast<uint8_t *>(bytes.data()))));
    return bytes;
}

class BoardLink final : public Link
{
public:
    explicit BoardLink(std::shared_ptr<Board> board)
        : m_board(std::move(board)), m_window(freshWindow(m_board->hello.window_bytes))
    {
    }

    LinkResult<> open() override
    {
        ++m_board->opened;
        if (m_board->absent > 0) {
            --m_board->absent;
            return linkFail(LinkFault::NotFound, QStringLiteral("the board is not there"));
        }
        m_there = true;
        m_replies.clear();
        m_decoder = {};
        return {};
    }
    void close() override { m_there = false; }
    LinkResult<> write(QByteArrayView bytes, int) override
    {
        if (!m_there) return gone();
        for (const char byte : bytes) {
            ap_header_t header{};
            if (!ap_decoder_push(&m_decoder, uint8_t(byte), &header)) continue;
            answer(header, m_decoder.plain + AP_HEADER_BYTES);
        }
        return {};
    }
    LinkResult<QByteArray> read(int timeoutMs) override
    {
        const QDeadlineTimer deadline(timeoutMs);
        while (m_replies.isEmpty()) {
            if (!m_there) return gone();
            if (cancelled() || m_interrupted.exchange(false))
                return linkFail(LinkFault::Interrupted, QStringLiteral("stopped"));
            if (deadline.hasExpired())
                return linkFail(LinkFault::Timeout, QStringLiteral("the board does not answer"));
            QThread::msleep(5);
        }
        return std::exchange(m_replies, {});
    }
    void interrupt() override { m_interrupted = true; }
    QString name() const override { return QStringLiteral("scripted board"); }

private:
    static tl::unexpected<LinkError> gone()
    {
        return linkFail(LinkFault::Gone, QStringLiteral("the board was unplugged"));
    }

    void reply(const ap_header_t &to, ap_status_t status, const QByteArray &payload)
    {
        const ap_header_t header{to.type, uint8_t(status), to.sequence, size_t(payload.size())};
        QByteArray frame(AP_MAX_FRAME, '\0');
        frame.truncate(qsizetype(
            ap_frame_encode(&header, reinterpret_cast<const uint8_t *>(payload.constData()),
                            reinterpret_cast<uint8_t *>(frame.data()))));
        m_replies += frame;
    }

    void answer(const ap_header_t &request, const uint8_t *payload)
    {
        switch (request.type) {
        case AP_MSG_HELLO:
            return reply(request, AP_OK, encoded(ap_encode_hello, m_board->hello));
        case AP_MSG_SELF_TEST:
            return reply(request, AP_OK, encoded(ap_encode_self_test, ap_self_test_t{0, 1000}));
        case AP_MSG_CONDITIONS:
            return setConditions(request, payload);
        case AP_MSG_CRC: {
            QByteArray crc(4, '\0');
            qToLittleEndian<quint32>(ap_crc32(0, m_window.constData(), size_t(m_window.size())),
                                     crc.data());
            return reply(request, AP_OK, crc);
        }
        case AP_MSG_RUN_OPERATOR:
            return run(request, payload);
        default:
            return reply(request, AP_UNKNOWN_MESSAGE, {});
        }
    }

    void setConditions(const ap_header_t &request, const uint8_t *payload)
    {
        ap_conditions_t wanted{};
        uint16_t field = 0;
        if (ap_decode_conditions(payload, request.count, &wanted, &field) != AP_OK)
            return reply(request, AP_BAD_FIELD, {});
        m_board->hello.conditions = wanted.conditions;
        wanted.wait_states = m_board->hello.wait_states;
        wanted.clock_hz = m_board->hello.clock_hz;
        reply(request, AP_OK, encoded(ap_encode_conditions, wanted));
    }

    void run(const ap_header_t &request, const uint8_t *payload)
    {
        ap_run_operator_t wanted{};
        uint16_t field = 0;
        if (ap_decode_run_operator(payload, request.count, &wanted, &field) != AP_OK)
            return reply(request, AP_BAD_FIELD, {});
        Board &board = *m_board;
        const int number = board.runs++;
        board.asked.push_back(wanted);
        if (number >= 0 && board.whileRunning) board.whileRunning(number);
        if (board.unplugged.contains(number)) {
            m_there = false;
            return;
        }
        if (board.silent.contains(number)) return;
        if (const auto refused = board.refused.find(number); refused != board.refused.end())
            return reply(request, refused->second, QByteArray(2, '\0'));
        const auto crc = expectedOutputCrc(wanted.op, m_window);
        if (!crc) return reply(request, AP_KERNEL_REFUSED, QByteArray(2, '\0'));
        std::vector<uint32_t> counts(wanted.repetitions, 1000);
        if (number >= 0 && board.counts) counts = board.counts(number, wanted);
        const uint32_t first = counts.front();
        std::sort(counts.begin(), counts.end());
        const ap_result_t result{uint32_t(wanted.repetitions),
                                 first,
                                 counts.front(),
                                 counts[counts.size() / 2],
                                 counts.back(),
                                 *crc ^ (board.wrong.contains(number) ? 1U : 0U),
                                 64,
                                 wanted.op.scratch_bytes};
        reply(request, AP_OK, encoded(ap_encode_result, result));
    }

    const std::shared_ptr<Board> m_board;
    const QByteArray m_window;
    ap_decoder_t m_decoder{};
    QByteArray m_replies;
    bool m_there = false;
    std::atomic_bool m_interrupted = false;
};

} // namespace

void Board::forget()
{
    runs = 0;
    asked.clear();
}

std::shared_ptr<Board> makeBoard(bool isVirtual)
{
    auto board = std::make_shared<Board>();
    ap_hello_t &hello = board->hello = {};
    hello.major = AP_PROTOCOL_MAJOR;
    hello.minor = AP_PROTOCOL_MINOR;
    hello.firmware_version = AP_FIRMWARE_VERSION;
    hello.kernel_version = AK_KERNEL_VERSION;
    hello.kernel_hash = kernelHash();
    hello.clock_hz = isVirtual ? 0 : 400'000'000;
    hello.flags = isVirtual ? AP_FLAG_VIRTUAL : 0;
    hello.conditions_supported = hello.conditions = AP_COND_ICACHE | AP_COND_DCACHE;
    hello.arena_bytes = 64 * 1024;
    hello.window_bytes = 64 * 1024;
    hello.pattern_bytes = AP_PATTERN_BYTES;
    hello.max_channels = AP_MAX_CHANNELS;
    hello.max_payload = AP_MAX_PAYLOAD;
    hello.max_steps = 256;
    hello.max_repetitions = 100;
    hello.unique_id[0] = 0xA7;
    hello.core = 7;
    qstrncpy(hello.board, isVirtual ? "qemu-m7" : "stm32h743", AP_BOARD_CHARS);
    qstrncpy(hello.compiler, "gcc", AP_COMPILER_CHARS);
    return board;
}

std::unique_ptr<Link> linkTo(std::shared_ptr<Board> board)
{
    return std::make_unique<BoardLink>(std::move(board));
}

Session sessionWith(const std::shared_ptr<Board> &board)
{
    LinkResult<Session> session = Session::open(linkTo(board));
    if (!session) qFatal("%s", qPrintable(session.error().what));
    if (const auto trusted = session->trust(); !trusted)
        qFatal("%s", qPrintable(trusted.error().what));
    board->forget();
    return *std::move(session);
}

} // namespace atomnet::test
