#include "core/atomdb/atom_db.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <cstdio>

// Import, look-ups and opening of AtomDB. What needs the authors' files is left out where they are
// absent.

using namespace atomnet;

namespace
{

/// xorshift: the same numbers on every machine.
struct Random {
    quint64 state = 88172645463325252ULL;
    quint64 next()
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    }
    int below(int limit) { return int(next() % quint64(limit)); }
};

/// `count` different keys, as many as the authors' files hold.
std::vector<AtomKey> makeKeys(int count)
{
    std::vector<AtomKey> keys;
    for (int i = 0; i < count; ++i) {
        AtomKey key;
        key.kind = AtomKind::Pointwise;
        key.inH = key.inW = key.outH = key.outW = 1 + i % 110;
        key.inC = 8 * (1 + i / 110 % 40);
        key.outC = 8 * (1 + i / 4400);
        keys.push_back(key);
    }
    return keys;
}

[[noreturn]] void stop(const Error &error)
{
    std::fprintf(stderr, "%s\n", qPrintable(error.message()));
    std::exit(1);
}

template <class T>
T valueOf(Result<T> result)
{
    if (!result) stop(result.error());
    return std::move(*result);
}

double msSince(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

void benchImport(const QString &folder, const QString &dbPath, QJsonObject &out)
{
    const QString operators = folder + QStringLiteral("/atomdb.csv");
    const QString modules = folder + QStringLiteral("/atomdb_se.csv");
    if (!QFileInfo::exists(operators) || !QFileInfo::exists(modules)) {
        out.insert(QStringLiteral("import_skipped"),
                   QStringLiteral("the authors' files are absent"));
        return;
    }
    for (const char *name : {"import_ms", "reimport_ms"}) {
        QElapsedTimer timer;
        timer.start();
        AtomDb db = valueOf(AtomDb::open(dbPath));
        for (const QString &path : {operators, modules})
            valueOf(db.importCsv(path, AtomDb::xCubeAiH743()));
        out.insert(QLatin1String(name), msSince(timer));
    }
}

/// Half of the looked-up keys are there, with another activation than the table's unknown one; half
/// are not.
void benchLookups(QJsonObject &out)
{
    constexpr int keyCount = 11'000, rounds = 1000;
    std::vector<AtomTable::Row> rows;
    std::vector<AtomKey> wanted = makeKeys(2 * keyCount);
    for (int i = 0; i < keyCount; ++i)
        rows.push_back({wanted[std::size_t(i)], {1000 + i, 900 + i, 1100 + i, 5}});
    Random random;
    for (std::size_t i = wanted.size(); i > 1; --i)
        std::swap(wanted[i - 1], wanted[std::size_t(random.below(int(i)))]);
    for (AtomKey &key : wanted)
        key.act = KeyAct::Relu;
    const AtomTable table({}, SampleUnit::Nanoseconds, std::move(rows));
    qint64 found = 0;
    QElapsedTimer timer;
    timer.start();
    for (int round = 0; round < rounds; ++round)
        for (const AtomKey &key : wanted)
            if (const AtomStats *stats = table.find(key)) found += stats->count;
    const double seconds = msSince(timer) / 1000;
    if (found != qint64(keyCount) * rounds * 5) std::exit(1);
    out.insert(QStringLiteral("lookups_per_second"), double(wanted.size()) * rounds / seconds);
}

void benchOpen(const QString &dbPath, QJsonObject &out)
{
    constexpr int keyCount = 11'000, samplesPerKey = 91;
    {
        AtomDb db = valueOf(AtomDb::open(dbPath));
        Random random;
        std::vector<Sample> samples;
        for (const AtomKey &key : makeKeys(keyCount))
            for (int i = 0; i < samplesPerKey; ++i) {
                Sample sample;
                sample.key = key;
                sample.value = 1'000'000 + random.below(50'000);
                samples.push_back(sample);
            }
        valueOf(db.addSamples(AtomDb::xCubeAiH743(), QStringLiteral("bench"), samples));
    }
    QElapsedTimer timer;
    timer.start();
    const AtomDb db = valueOf(AtomDb::open(dbPath));
    const AtomTable table =
        valueOf(db.table(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2")));
    out.insert(QStringLiteral("open_million_samples_ms"), msSince(timer));
    out.insert(QStringLiteral("open_million_samples"), table.sampleCount());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QTemporaryDir folder;
    QJsonObject out;
    benchImport(QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb"),
                folder.filePath(QStringLiteral("import.sqlite")), out);
    benchLookups(out);
    benchOpen(folder.filePath(QStringLiteral("million.sqlite")), out);
    std::printf("%s", QJsonDocument(out).toJson().constData());
    return 0;
}
