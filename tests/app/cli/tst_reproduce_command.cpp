#include "app/cli/reproduce_networks.h"
#include "core/lowering/lower.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace atomnet;

namespace
{

const QString published = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");

/// The line of one figure of one network.
QJsonObject lineOf(const QJsonDocument &document, const char *network, const char *figure)
{
    for (const QJsonValue &line : document["lines"].toArray())
        if (line["network"].toString() == QLatin1String(network) &&
            line["figure"].toString() == QLatin1String(figure))
            return line.toObject();
    return {};
}

bool saysInNotes(const QJsonDocument &document, const char *text)
{
    for (const QJsonValue &note : document["notes"].toArray())
        if (note.toString().contains(QLatin1String(text))) return true;
    return false;
}

qint64 macsOf(const Network &network)
{
    const auto graph = lower(network, Runtime::XCubeAi72);
    if (!graph) qFatal("%s", qPrintable(graph.error().message()));
    qint64 macs = 0;
    for (const Atom &atom : graph->atoms)
        macs += macsOf(atom.key);
    return macs;
}

#define VERIFY_ERROR(document, network, figure, most)                                              \
    do {                                                                                           \
        const QJsonObject line = lineOf(document, network, figure);                                \
        QVERIFY2(line["error"].isDouble(), network " " figure);                                    \
        QVERIFY2(                                                                                  \
            std::abs(line["error"].toDouble()) <= most,                                            \
            qPrintable(QStringLiteral(network " " figure ": %1").arg(line["error"].toDouble())));  \
    } while (false)

} // namespace

class TestReproduceCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useDataFolder(m_folder.path()); }

    void everyReproductionWorksWithoutSamples_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"figure4", "table3", "table4", "table5"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void everyReproductionWorksWithoutSamples()
    {
        QFETCH(const QString, what);
        const CliRun run({"reproduce", what, "--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(run.json()["format"].toString(), QStringLiteral("atomnet-reproduction"));
        QCOMPARE(run.json()["what"].toString(), what);
        QCOMPARE(run.json()["samples"].toInteger(-1), 0);
        QVERIFY(saysInNotes(run.json(), "db import"));
        QVERIFY(saysInNotes(run.json(), "estimated by the model that ships"));
        QVERIFY(run.json()["lines"].toArray().size() >= 8);
        for (const QJsonValue &line : run.json()["lines"].toArray()) {
            QVERIFY(!line["network"].toString().isEmpty());
            QVERIFY(line["source"].toString() != u"missing");
            QVERIFY(line["ours"].isDouble());
            QCOMPARE(line["error"].isDouble(), line["paper"].isDouble());
        }
        const CliRun text({"reproduce", what});
        QCOMPARE(text.code, 0);
        QVERIFY2(text.out.contains(u"paper") && text.out.contains(u"ours"), qPrintable(text.out));
        QVERIFY(text.out.contains(run.json()["title"].toString()));
    }

    void otherTargetsAreNotComparedWithThePapers_data()
    {
        QTest::addColumn<QStringList>("target");
        QTest::newRow("ours") << QStringList{"--board", "qemu-m7", "--runtime", "atomnet-1"};
        QTest::newRow("no data at all") << QStringList{"--board", "stm32f412"};
    }
    void otherTargetsAreNotComparedWithThePapers()
    {
        QFETCH(const QStringList, target);
        for (const char *what : {"figure4", "table3", "table4", "table5"}) {
            const CliRun run(QStringList{"reproduce", what, "--json"} + target);
            QVERIFY2(run.code == 0, qPrintable(run.err));
            QVERIFY(saysInNotes(run.json(), "are of the STM32H743"));
            for (const QJsonValue &line : run.json()["lines"].toArray()) {
                const QString figure = line["figure"].toString();
                if (figure == u"SRAM" || figure == u"Flash" || figure == u"latency")
                    QVERIFY(line["paper"].isNull());
            }
        }
    }

    void tableThreeIsNear()
    {
        const QJsonDocument table = CliRun({"reproduce", "table3", "--json"}).json();
        VERIFY_ERROR(table, "AtomNet-256KB", "MACs", 0.015);
        VERIFY_ERROR(table, "AtomNet-256KB-Max", "MACs", 0.015);
        VERIFY_ERROR(table, "AtomNet-320KB", "MACs", 0.015);
        VERIFY_ERROR(table, "AtomNet-512KB-Large", "MACs", 0.015);
        VERIFY_ERROR(table, "AtomNet-512KB-Max", "MACs", 0.015);
        VERIFY_ERROR(table, "AtomNet-256KB", "SRAM", 0.05);
        VERIFY_ERROR(table, "AtomNet-256KB-Max", "SRAM", 0.05);
        VERIFY_ERROR(table, "AtomNet-320KB", "SRAM", 0.05);
        VERIFY_ERROR(table, "AtomNet-512KB", "SRAM", 0.05);
        VERIFY_ERROR(table, "AtomNet-512KB-Large", "SRAM", 0.05);
        VERIFY_ERROR(table, "AtomNet-512KB-Max", "SRAM", 0.05);
        VERIFY_ERROR(table, "AtomNet-256KB", "Flash", 0.01);
        // What cannot be: said beside the figure.
        QVERIFY(lineOf(table, "AtomNet-512KB-Max", "Flash")["note"].toString().contains(
            u"less than the network's weights"));
        QVERIFY(lineOf(table, "AtomNet-10FPS", "latency")["paper"].isNull());
        QCOMPARE(table["lines"].toArray().size(), 8 * 4);
    }

    void latenciesFollowFromTheAuthorsSamples()
    {
        if (!QFile::exists(published + QStringLiteral("atomdb.csv")))
            QSKIP("the authors' measurements are not here");
        const QString db = m_folder.filePath(QStringLiteral("db.sqlite"));
        const CliRun imported({"db", "import", published + QStringLiteral("atomdb.csv"),
                               published + QStringLiteral("atomdb_se.csv"), "--db", db});
        QVERIFY2(imported.code == 0, qPrintable(imported.err));
        const QJsonDocument table = CliRun({"reproduce", "table3", "--db", db, "--json"}).json();
        QVERIFY(table["samples"].toInteger() > 50'000);
        VERIFY_ERROR(table, "AtomNet-256KB", "latency", 0.01);
        VERIFY_ERROR(table, "AtomNet-256KB-Max", "latency", 0.03);
        VERIFY_ERROR(table, "AtomNet-320KB", "latency", 0.02);
        VERIFY_ERROR(table, "AtomNet-512KB-Large", "latency", 0.03);
        VERIFY_ERROR(table, "AtomNet-512KB-Max", "latency", 0.03);

        const QJsonDocument best = CliRun({"reproduce", "table5", "--db", db, "--json"}).json();
        const auto macs = [&best](const char *network) {
            return lineOf(best, network, "MACs")["ours"].toDouble();
        };
        // The paper's network is in none of these spaces, and within the same limits.
        QVERIFY(macs("hybrid") > 110);
        QVERIFY(macs("hybrid") > macs("SEP only"));
        QVERIFY(macs("hybrid") >= macs("hybrid, evolution"));
        QVERIFY(lineOf(best, "hybrid", "cost")["ours"].toDouble() < 60);
        QCOMPARE(lineOf(best, "hybrid", "cost")["paper"].toDouble(), 3600.0);
        for (const char *network : {"MBConv only", "ConvNeXt only", "SEP only", "hybrid"}) {
            QVERIFY(lineOf(best, network, "SRAM")["ours"].toDouble() <= 262.144);
            QVERIFY(lineOf(best, network, "Flash")["ours"].toDouble() <= 1048.576);
            QVERIFY(lineOf(best, network, "latency")["ours"].toDouble() <= 405);
        }
    }

    void tableFourStandsForTheGuidelines()
    {
        const QJsonDocument table = CliRun({"reproduce", "table4", "--json"}).json();
        VERIFY_ERROR(table, "ResNet (G1)", "MACs", 0.015);
        VERIFY_ERROR(table, "TinyNet-E (G2)", "MACs", 0.015);
        VERIFY_ERROR(table, "G1: ResNet / AtomNet", "Flash", 0.06);
        // A 3x3 convolution of 256 channels against depthwise and pointwise.
        const double ratio =
            lineOf(table, "G1: 3x3 256 -> 256 / dw + pw", "Flash")["ours"].toDouble();
        QVERIFY(ratio > 8 && ratio < 9);
        QVERIFY(lineOf(table, "G2: SEP early / TinyNet-E", "SRAM")["ours"].toDouble() < 0.804);
        QVERIFY(lineOf(table, "G3: MBConv only / AtomNet", "latency/MAC")["ours"].toDouble() > 1);
    }

    void figureFourShowsTheHybridPatternsPeak()
    {
        const QJsonDocument figure = CliRun({"reproduce", "figure4", "--json"}).json();
        const QJsonArray series = figure["series"].toArray();
        QCOMPARE(series.size(), 8);
        QHash<QString, QJsonObject> by;
        for (const QJsonValue &one : series) {
            const QString name = one["network"].toString();
            by.insert(name, one.toObject());
            qint64 most = 0;
            double sum = 0;
            const QJsonArray layers = one["layers"].toArray();
            QVERIFY(layers.size() > 15);
            for (const QJsonValue &layer : layers) {
                most = std::max(most, layer["sram_bytes"].toInteger());
                sum += layer["sram_bytes"].toDouble();
            }
            QCOMPARE(one["peak_bytes"].toInteger(), most);
            QVERIFY(std::abs(one["balance"].toDouble() -
                             sum / double(layers.size()) / double(most)) < 1e-9);
        }
        VERIFY_ERROR(figure, "hybrid", "SRAM peak", 0.02);
        for (const char *other : {"ConvNeXt only", "MBConv only"}) {
            const QJsonObject &single = by[QString::fromLatin1(other)];
            QVERIFY(single["peak_bytes"].toDouble() >
                    2 * by[QStringLiteral("hybrid")]["peak_bytes"].toDouble());
            QVERIFY(single["balance"].toDouble() <
                    by[QStringLiteral("hybrid")]["balance"].toDouble());
        }
        for (const char *found : {"MBConv only, searched", "ConvNeXt only, searched",
                                  "SEP only, searched", "hybrid, searched"})
            QVERIFY(by[QString::fromLatin1(found)]["peak_bytes"].toInteger() <= 256 * 1024);
    }

    void networksOfOthersAreTheirs()
    {
        // 483 M with the shortcuts' 1x1 convolutions: three of half the channels' square.
        const qint64 shortcuts = 28 * 28 * 32 * 64 + 14 * 14 * 64 * 128 + 7 * 7 * 128 * 256;
        const qint64 resNet = macsOf(halfResNet18()) + shortcuts;
        QVERIFY2(std::abs(double(resNet) / 483e6 - 1) < 0.002, qPrintable(QString::number(resNet)));
        QCOMPARE(tinyNetE().input.h, 106);
        const Network early = tinyNetWithoutEarlySe();
        int sep = 0;
        for (std::size_t i = 0; i < early.stages.size(); ++i)
            for (const Block &block : early.stages[i].blocks) {
                const bool small = stageInput(early, int(i)).h <= 14;
                sep += block.type == BlockType::Sep;
                QVERIFY(block.type == BlockType::Conv || block.se.has_value() == small);
            }
        QVERIFY(sep >= 3);
    }

    void patternsKeepTheRest()
    {
        const SearchSpace hybrid = spaceInPattern(Pattern::Hybrid);
        QVERIFY(hybrid == paperSpace());
        for (const Pattern pattern : {Pattern::Sep, Pattern::ConvNext, Pattern::MbConv}) {
            const SearchSpace space = spaceInPattern(pattern);
            QCOMPARE(space.stages.size(), hybrid.stages.size());
            for (std::size_t i = 0; i < space.stages.size(); ++i) {
                QCOMPARE(space.stages[i].types.size(), i == 0 ? hybrid.stages[0].types.size() : 1);
                QCOMPARE(space.stages[i].widths, hybrid.stages[i].widths);
                QCOMPARE(space.stages[i].depths, hybrid.stages[i].depths);
            }
            QVERIFY(countNetworks(space).distinct > 1e6);
        }
    }

    void wrongUsageSaysWhatToWrite_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("nothing") << QStringList{} << 2;
        QTest::newRow("unknown") << QStringList{"table6"} << 2;
        QTest::newRow("two") << QStringList{"table3", "table4"} << 2;
        QTest::newRow("board") << QStringList{"table3", "--board", "z80"} << 2;
        QTest::newRow("database") << QStringList{"table3", "--db", "/nowhere/db"} << 3;
    }
    void wrongUsageSaysWhatToWrite()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, code);
        const CliRun run(QStringList{"reproduce"} + arguments);
        QCOMPARE(run.code, code);
        QVERIFY(run.out.isEmpty());
        QCOMPARE(run.err.count('\n'), 1);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestReproduceCommand)
#include "tst_reproduce_command.moc"
