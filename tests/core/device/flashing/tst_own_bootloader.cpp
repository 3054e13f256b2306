#include "core/device/flashing/own_bootloader.h"
#include "firmware/protocol/ap_protocol.h"

#include <QTest>

using namespace atomnet;
using What = FoundDevice::What;

namespace
{

/// What a board was asked, in order.
using Asked = std::vector<int>;

/// A board with our firmware, of whatever version.
class BoardLink final : public Link
{
public:
    BoardLink(ap_hello_t hello, ap_status_t answer, Asked &asked)
        : m_hello(hello), m_answer(answer), m_asked(asked)
    {
    }
    bool leaves = false; ///< gone before it answers the last request
    LinkResult<> open() override { return {}; }
    void close() override {}
    LinkResult<> write(QByteArrayView bytes, int) override
    {
        for (const char byte : bytes) {
            ap_header_t header{};
            if (!ap_decoder_push(&m_decoder, uint8_t(byte), &header)) continue;
            m_asked.push_back(header.type);
            QByteArray payload(AP_MAX_PAYLOAD, '\0'), frame(AP_MAX_FRAME, '\0');
            ap_header_t reply{uint8_t(header.type), AP_OK, header.sequence, 0};
            if (header.type == AP_MSG_HELLO)
                reply.count =
                    ap_encode_hello(&m_hello, reinterpret_cast<uint8_t *>(payload.data()));
            else
                reply.status = uint8_t(m_answer);
            const std::size_t size =
                ap_frame_encode(&reply, reinterpret_cast<const uint8_t *>(payload.constData()),
                                reinterpret_cast<uint8_t *>(frame.data()));
            if (header.type == AP_MSG_HELLO || !leaves) m_waiting += frame.left(qsizetype(size));
        }
        return {};
    }
    LinkResult<QByteArray> read(int) override
    {
        if (m_waiting.isEmpty()) return linkFail(LinkFault::Gone, QStringLiteral("unplugged"));
        return std::exchange(m_waiting, {});
    }
    void interrupt() override {}
    QString name() const override { return QStringLiteral("the board"); }

private:
    ap_hello_t m_hello;
    ap_status_t m_answer;
    Asked &m_asked;
    ap_decoder_t m_decoder{};
    QByteArray m_waiting;
};

/// A hello that decodes; its kernels are none that this designer knows.
ap_hello_t staleHello(const char *board)
{
    ap_hello_t hello{};
    hello.major = AP_PROTOCOL_MAJOR;
    hello.firmware_version = 1;
    hello.kernel_version = 1;
    hello.kernel_hash = 0xDEADBEEF;
    hello.clock_hz = 100'000'000;
    hello.flags = AP_FLAG_BOOTLOADER | AP_FLAG_USB;
    hello.arena_bytes = 200'000;
    hello.window_bytes = 900'000;
    hello.pattern_bytes = 16384;
    hello.max_channels = 2048;
    hello.max_payload = AP_MAX_PAYLOAD;
    hello.max_steps = 160;
    hello.max_repetitions = 100;
    hello.core = 4;
    std::strncpy(hello.board, board, AP_BOARD_CHARS - 1);
    std::strncpy(hello.compiler, "gcc", AP_COMPILER_CHARS - 1);
    return hello;
}

const Probe rom{Probe::Kind::Dfu,
                QStringLiteral("STM32 bootloader (DFU)"),
                QStringLiteral("1"),
                0x0483,
                0xdf11,
                0,
                {}};

FoundDevice profiler()
{
    FoundDevice device;
    device.what = What::Profiler;
    device.address = {DeviceAddress::Kind::Usb, QStringLiteral("7"), 0, {}};
    return device;
}

} // namespace

/// Boards that are flashed over the USB of our own firmware.
class TestOwnBootloader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void staleFirmwareIsLeftTooAndABoardThatIsGoneAtOnceIsWell()
    {
        for (const bool leaves : {false, true}) {
            Asked asked;
            auto link = std::make_unique<BoardLink>(staleHello("stm32f412"), AP_OK, asked);
            link->leaves = leaves;
            const auto done = askForBootloader(std::move(link), QStringLiteral("stm32f412"));
            QVERIFY2(done, done ? "" : qPrintable(done.error().what));
            QVERIFY(asked == Asked({AP_MSG_HELLO, AP_MSG_BOOTLOADER}));
        }
    }

    void whatCannotBeLeftIsSaid_data()
    {
        QTest::addColumn<QString>("board");
        QTest::addColumn<bool>("hasWay");
        QTest::addColumn<int>("answer");
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("requests");
        QTest::newRow("another board")
            << "stm32h743" << true << int(AP_OK) << "is an stm32h743, not an stm32f412" << 1;
        QTest::newRow("no way") << "stm32f412" << false << int(AP_OK) << "no way" << 1;
        QTest::newRow("refused") << "stm32f412" << true << int(AP_UNSUPPORTED) << "refuses" << 2;
    }
    void whatCannotBeLeftIsSaid()
    {
        QFETCH(const QString, board);
        QFETCH(const bool, hasWay);
        QFETCH(const int, answer);
        QFETCH(const QString, says);
        QFETCH(const int, requests);
        ap_hello_t hello = staleHello(qPrintable(board));
        if (!hasWay) hello.flags &= ~AP_FLAG_BOOTLOADER;
        Asked asked;
        const auto done =
            askForBootloader(std::make_unique<BoardLink>(hello, ap_status_t(answer), asked),
                             QStringLiteral("stm32f412"));
        QVERIFY(!done);
        QVERIFY(done.error().fault == LinkFault::Refused);
        QVERIFY2(done.error().what.contains(says), qPrintable(done.error().what));
        QCOMPARE(int(asked.size()), requests);
    }

    void aProbeThatIsThereIsTakenAndNobodyIsAsked()
    {
        int asked = 0;
        const BootloaderWays ways{[] { return std::vector{rom}; },
                                  [] { return std::vector{profiler()}; },
                                  [&](const auto &, const auto &, const auto &) -> LinkResult<> {
                                      ++asked;
                                      return {};
                                  }};
        const auto probes = probesFor(*boardVariant(QStringLiteral("stm32f412-nucleo")), {}, ways);
        QVERIFY(probes && *probes == std::vector{rom});
        QCOMPARE(asked, 0);
    }

    void ourFirmwareGivesWayToTheBootloader()
    {
        bool asked = false;
        int looks = 0;
        QString board;
        BootloaderWays ways{
            [&] { return asked && ++looks > 2 ? std::vector{rom} : std::vector<Probe>{}; },
            [] { return std::vector{profiler()}; },
            [&](const auto &address, const QString &id, const auto &) -> LinkResult<> {
                asked = address == profiler().address;
                board = id;
                return {};
            }};
        const auto probes = probesFor(*boardVariant(QStringLiteral("stm32f412-nucleo")), {}, ways);
        QVERIFY(probes && *probes == std::vector{rom});
        QCOMPARE(board, QStringLiteral("stm32f412"));

        ways.patienceMs = 300;
        looks = -100;
        const auto never = probesFor(*boardVariant(QStringLiteral("stm32f412-nucleo")), {}, ways);
        QVERIFY(!never);
        QCOMPARE(never.error().code, ErrorCode::Device);
        QVERIFY(never.error().what.contains(QLatin1String("BOOT0")));
    }

    void refusalsAndEmptyBenchesAreTold()
    {
        BootloaderWays ways{[] { return std::vector<Probe>{}; },
                            [] { return std::vector{profiler()}; },
                            [](const auto &, const auto &, const auto &) -> LinkResult<> {
                                return linkFail(LinkFault::NoPermission, QStringLiteral("no"));
                            }};
        const BoardVariant variant = *boardVariant(QStringLiteral("stm32f412-nucleo"));
        const auto refused = probesFor(variant, {}, ways);
        QVERIFY(!refused);
        QCOMPARE(refused.error().what, QStringLiteral("no"));
        ways.devices = [] { return std::vector<FoundDevice>{}; };
        const auto none = probesFor(variant, {}, ways);
        QVERIFY(none && none->empty());
    }
};

QTEST_GUILESS_MAIN(TestOwnBootloader)
#include "tst_own_bootloader.moc"
