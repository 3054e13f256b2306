#include "core/analysis/latency_model.h"
#include "core/atomdb/atom_db.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <cstdio>
#include <cstdlib>

// Fitting the predictor (limit 10 s) and asking it, on the published AtomDB where it is at hand.
namespace
{

using namespace atomnet;

constexpr double mostSeconds = 10;

template <class T>
T valueOf(Result<T> result)
{
    if (result) return *std::move(result);
    std::fprintf(stderr, "bench_predictor: %s\n", qPrintable(result.error().message()));
    std::exit(1);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QString data = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");
    if (!QFile::exists(data + QStringLiteral("atomdb.csv"))) {
        std::printf("{\"skipped\":\"the published AtomDB is not beside the checkout\"}\n");
        return 0;
    }
    const QTemporaryDir folder;
    AtomDb db = valueOf(AtomDb::open(folder.filePath(QStringLiteral("db.sqlite"))));
    for (const char *file : {"atomdb.csv", "atomdb_se.csv"})
        valueOf(db.importCsv(data + QLatin1String(file), AtomDb::xCubeAiH743()));
    const AtomTable table =
        valueOf(db.table(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2")));

    QElapsedTimer timer;
    timer.start();
    const LatencyModel model = valueOf(fitLatencyModel(table));
    const double fitSeconds = double(timer.nsecsElapsed()) / 1e9;

    constexpr int rounds = 20;
    qint64 sum = 0;
    timer.start();
    for (int round = 0; round < rounds; ++round)
        for (const AtomTable::Row &row : table.rows())
            sum += estimate(model, row.key).value_or(Estimate()).value;
    const double each = double(timer.nsecsElapsed()) / (rounds * double(table.rows().size()));

    std::printf("{\"predictor_fit_s\":%.2f,\"predictor_operators\":%zu,\"estimate_ns\":%.0f}\n",
                fitSeconds, table.rows().size(), each);
    return sum > 0 && fitSeconds < mostSeconds ? 0 : 1;
}
