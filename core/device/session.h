#pragma once

#include "core/atomdb/atom_table.h"
#include "core/base/run_control.h"
#include "core/device/device_address.h"
#include "firmware/protocol/ap_protocol.h"

// One conversation with the profiling firmware.
namespace atomnet
{

/// Who answered, decoded.
struct DeviceInfo {
    ap_hello_t hello{};
    QString board, compiler, compilerFlags, uniqueId; ///< uniqueId: 24 hex digits
    bool defaultWaitStates = true; ///< false behind setConditions() with others: a condition of its own
    [[nodiscard]] bool isVirtual() const { return hello.flags & AP_FLAG_VIRTUAL; }
    [[nodiscard]] bool hasModel() const { return hello.flags & AP_FLAG_MODEL; }
    /// What samples from it are stored under; runtime atomnet-1, kernelVersion "1-89ab12cd" (version and source hash).
    [[nodiscard]] RunCondition condition() const;
    /// "I+D+prefetch" of the conditions' bits, "off" for none.
    [[nodiscard]] static QString cachesText(quint32 conditions);
    [[nodiscard]] QString summary() const; ///< "STM32H743 at 400 MHz, caches I+D, firmware 1, kernels 1-89ab12cd"
};

struct OperatorResult {
    ap_result_t raw{};
    SampleUnit unit = SampleUnit::Instructions;
    qint64 median = 0, min = 0, max = 0; ///< in that unit: nanoseconds from cycles and clock
    [[nodiscard]] double spread() const; ///< (max - min) / median
};

class Session
{
public:
    /// Opens the link and says hello; checks versions, kernels (Version when the firmware's kernel hash is not that of the
    /// kernels built into the designer: "stale firmware, flash it anew") and, with trust(), the board.
    [[nodiscard]] static LinkResult<Session> open(std::unique_ptr<Link> link);
    Session(Session &&) noexcept;
    Session &operator=(Session &&) noexcept;
    ~Session();

    [[nodiscard]] const DeviceInfo &info() const;
    [[nodiscard]] Link &link();

    /// Self-test on the board, then one operator of every kind and packing against the host's own results, and the weights
    /// window (its CRC against image and erased Flash; read whole once when it is not). Nothing measured before it is
    /// believed: run() refuses. Refused with what differs.
    [[nodiscard]] LinkResult<> trust(const RunControl &control = {});
    [[nodiscard]] bool trusted() const;
    /// The weights window as it stands on the board; behind trust().
    [[nodiscard]] QByteArrayView window() const;

    /// Runs an operator and checks its output's CRC against the host's. Protocol when it differs.
    [[nodiscard]] LinkResult<OperatorResult> run(const ap_operator_t &op, int repetitions, const RunControl &control = {});
    /// A whole plan. Steps' cycles by steps.
    struct NetworkResult {
        OperatorResult total;
        std::vector<qint64> stepCycles;
    };
    [[nodiscard]] LinkResult<NetworkResult> runNetwork(const ap_network_begin_t &begin, const std::vector<ap_operator_t> &steps,
                                                       int repetitions, const RunControl &control = {});
    /// The linked model on one input (int8, model_input_bytes).
    struct ModelResult {
        OperatorResult run;
        QByteArray output;
    };
    [[nodiscard]] LinkResult<ModelResult> runModel(QByteArrayView input, const RunControl &control = {});

    [[nodiscard]] LinkResult<> setConditions(quint32 conditions, quint32 waitStates = AP_WAIT_STATES_DEFAULT);
    [[nodiscard]] LinkResult<> reset();
    [[nodiscard]] LinkResult<> enterBootloader();
    /// After Gone or Timeout: opens the link again (up to `patienceMs`), says hello and finds the same board with the same
    /// firmware, conditions and clock, else Version or Protocol.
    [[nodiscard]] LinkResult<> reconnect(int patienceMs, const RunControl &control = {});

    /// One request and its reply's payload. Late replies of given-up requests are dropped; damaged frames make it ask
    /// again, up to twice, for what changes nothing.
    [[nodiscard]] LinkResult<QByteArray> request(ap_message_t type, QByteArrayView payload, int timeoutMs,
                                                 const RunControl &control = {});

private:
    struct Private;
    explicit Session(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// CRC-32 of the output that `op` has on the host, with these kernels, on this window. Error when the host's kernel refuses.
[[nodiscard]] LinkResult<quint32> expectedOutputCrc(const ap_operator_t &op, QByteArrayView window);
/// The same for a network: of its output.
[[nodiscard]] LinkResult<quint32> expectedOutputCrc(const ap_network_begin_t &begin, const std::vector<ap_operator_t> &steps,
                                                    QByteArrayView window);
/// The window of an image nobody wrote behind: pattern, then erased Flash.
[[nodiscard]] QByteArray freshWindow(qint64 bytes);
/// Of the kernels that the designer is built with (global CMake property ATOMNET_KERNEL_HASH); hello's kernel_hash.
[[nodiscard]] quint32 kernelHash();

} // namespace atomnet
