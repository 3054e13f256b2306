#include "core/analysis/knowledge.h"
#include "core/device/measuring_queue.h"
#include "core/measuring/design_plan.h"
#include "core/model/presets.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <cmath>
#include <cstdio>
#include <cstdlib>

// Measuring in QEMU, as the command line and the window do it: how long all operators of the
// largest AtomNet of 256 KB take on an empty AtomDB (limit 60 s), and by how much whole networks
// differ from the sum of their operators (limit 0.1 %).
namespace
{

using namespace atomnet;

constexpr double mostSeconds = 60, mostDifference = 0.001;

template <class T>
T valueOf(Result<T> result)
{
    if (result) return *std::move(result);
    std::fprintf(stderr, "bench_measuring: %s\n", qPrintable(result.error().message()));
    std::exit(1);
}

Session sessionOn(const QString &board)
{
    LinkResult<Session> session =
        Session::open(makeLink({DeviceAddress::Kind::Emulator, board, 0, {}}));
    if (session) return *std::move(session);
    std::fprintf(stderr, "bench_measuring: %s\n", qPrintable(session.error().what));
    std::exit(1);
}

/// Measures what `db` lacks of a design; returns how many operators that were.
int measureMissing(Session &session, AtomDb &db, const Network &network, const Board &board)
{
    const Knowledge knowledge = valueOf(knowledgeFrom(db, board, Runtime::AtomNet1));
    const Report report = valueOf(analyze(network, {board, Runtime::AtomNet1, 0, 0}, knowledge));
    return valueOf(measure(session, valueOf(planFor(network, report)), db, {}, {})).measured;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QTemporaryDir folder;

    const Board m7 = valueOf(boardById(QStringLiteral("qemu-m7")));
    AtomDb empty = valueOf(AtomDb::open(folder.filePath(QStringLiteral("empty.sqlite"))));
    QElapsedTimer timer;
    timer.start();
    Session first = sessionOn(m7.id);
    const int operators =
        measureMissing(first, empty, presetById(QStringLiteral("atomnet-256kb-max"))->network, m7);
    const double seconds = double(timer.elapsed()) / 1000;
    bool good = seconds < mostSeconds;
    std::printf("{\"bench\":\"measuring\",\"operators\":%d,\"seconds\":%.2f,\"limit_seconds\":%.0f",
                operators, seconds, mostSeconds);

    AtomDb db = valueOf(AtomDb::open(folder.filePath(QStringLiteral("db.sqlite"))));
    for (const QString &id : {QStringLiteral("qemu-m4"), QStringLiteral("qemu-m7")}) {
        const Board board = valueOf(boardById(id));
        Session session = sessionOn(id);
        double largest = 0;
        for (const Preset &preset : presets()) {
            measureMissing(session, db, preset.network, board);
            const AtomTable table = valueOf(db.table(id, runtimeId(Runtime::AtomNet1)));
            const NetworkComparison whole =
                valueOf(measureNetwork(session, preset.network, table, 1));
            const std::optional<double> difference = whole.difference();
            good = good && difference && std::abs(*difference) < mostDifference;
            if (difference) largest = std::max(largest, std::abs(*difference));
            std::fprintf(stderr, "%s on %s: %lld instructions, %s %%\n", qPrintable(preset.id),
                         qPrintable(id), static_cast<long long>(whole.network),
                         difference ? qPrintable(QString::number(*difference * 100, 'f', 5)) : "-");
        }
        std::printf(",\"network_against_sum_%s\":%.7f", qPrintable(id.right(2)), largest);
    }
    std::printf(",\"limit_difference\":%g,\"within_limits\":%s}\n", mostDifference,
                good ? "true" : "false");
    return good ? 0 : 1;
}
