#include "core/device/operator_request.h"
#include "core/device/trust_operators.h"
#include "core/device/usb_link.h"
#include "tests/support/emulated_usb.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdio>

// What measuring an operator takes besides the kernel's own time: request, link, inputs, CRC,
// reply, and the host's own output to compare with. Through the real libusb, on an emulated
// connector with the profiler for this computer behind it.

using namespace atomnet;

namespace
{

constexpr double limitMs = 2;

[[noreturn]] void stop(const QString &why)
{
    std::fprintf(stderr, "bench_device: %s\n", qPrintable(why));
    std::exit(1);
}

/// What a search measures most: small ones of every kind, and layers as AtomNets have them.
std::vector<AtomKey> keys()
{
    std::vector<AtomKey> all = trustOperators();
    for (const auto &[side, channels] : {std::pair(40, 16), std::pair(20, 48), std::pair(10, 96)}) {
        AtomKey key;
        key.kind = AtomKind::Pointwise;
        key.act = KeyAct::Relu6;
        key.variant = 2;
        key.inH = key.inW = key.outH = key.outW = side;
        key.inC = channels;
        key.outC = 2 * channels;
        all.push_back(key);
        key.kind = AtomKind::Depthwise;
        key.variant = 3;
        key.kernelH = key.kernelW = 3;
        key.padT = key.padL = key.padB = key.padR = 1;
        key.outC = key.groups = channels;
        all.push_back(key);
    }
    return all;
}

} // namespace

int main(int argc, char **argv)
{
    test::emulateUsb(argv, {{"BENCH", ATOMNET_HOST_PROFILER}});
    const QCoreApplication app(argc, argv);
    if (!test::usbIsEmulated()) {
        std::printf("{\"operator_overhead_skipped\": \"umockdev is not installed\"}\n");
        return 0;
    }
    auto session = Session::open(std::make_unique<UsbLink>(QString()));
    if (!session) stop(session.error().what);
    QElapsedTimer timer;
    timer.start();
    if (const auto trusted = session->trust(); !trusted) stop(trusted.error().what);
    const double trustMs = double(timer.nsecsElapsed()) / 1e6;

    constexpr int rounds = 20, repetitions = 1;
    std::vector<double> overheads;
    for (int round = 0; round < rounds; ++round)
        for (const AtomKey &key : keys()) {
            const auto op = operatorRequest(key, ownPlace(key));
            if (!op) stop(op.error().message());
            timer.start();
            const auto result = session->run(*op, repetitions);
            const double wallMs = double(timer.nsecsElapsed()) / 1e6;
            if (!result) stop(result.error().what);
            overheads.push_back(wallMs - repetitions * double(result->median) / 1e6);
        }
    std::sort(overheads.begin(), overheads.end());
    const auto at = [&overheads](double share) {
        return overheads[std::size_t(share * double(overheads.size() - 1))];
    };
    const QJsonObject out{{QStringLiteral("operator_overhead_ms_median"), at(0.5)},
                          {QStringLiteral("operator_overhead_ms_p95"), at(0.95)},
                          {QStringLiteral("operator_overhead_ms_limit"), limitMs},
                          {QStringLiteral("operator_overhead_holds"), at(0.5) < limitMs},
                          {QStringLiteral("trust_ms"), trustMs}};
    std::printf("%s", QJsonDocument(out).toJson().constData());
    return 0;
}
