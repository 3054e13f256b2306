#include "tests/app/cli/int8_folder.h"

#include <QJsonArray>
#include <QTest>

using namespace atomnet;

class TestQuantizeCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_folder = std::make_unique<Int8Folder>(); }

    void jsonTellsEveryLayer()
    {
        const CliRun run(QStringList{"quantize", m_folder->design(), "--json"} +
                         m_folder->trained());
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QVERIFY2(run.err.isEmpty(), qPrintable(run.err));
        const QJsonObject root = run.json().object();
        QCOMPARE(root.value("trained").toBool(), true);
        QCOMPARE(root.value("ranges").toString(), QStringLiteral("min-max"));
        QCOMPARE(root.value("bias_correction").toBool(), true);
        QVERIFY(root.value("input").toObject().value("scale").toDouble() > 0);
        const QJsonArray layers = root.value("layers").toArray();
        const QJsonArray analysed =
            CliRun({"analyze", m_folder->design(), "--runtime", "atomnet-1", "--json"})
                .json()
                .object()
                .value("layers")
                .toArray();
        QCOMPARE(layers.size(), analysed.size());
        double worst = 1000;
        for (qsizetype i = 0; i < layers.size(); ++i) {
            const QJsonObject layer = layers.at(i).toObject();
            QCOMPARE(layer.value("name"), analysed.at(i).toObject().value("name"));
            QVERIFY(layer.value("scale").toDouble() > 0);
            const int zeroPoint = layer.value("zero_point").toInt(999);
            QVERIFY(zeroPoint >= -128 && zeroPoint <= 127);
            QVERIFY(layer.value("sqnr_db").toDouble() > 5);
            worst = std::min(worst, layer.value("sqnr_db").toDouble());
        }
        const QJsonObject first =
            layers.first().toObject().value("weights").toArray().first().toObject();
        QCOMPARE(first.value("name").toString(), QStringLiteral("stages.0.0.0.conv"));
        QCOMPARE(first.value("channels").toInt(), 9);
        const QJsonObject totals = root.value("totals").toObject();
        QCOMPARE(totals.value("layers").toInteger(), layers.size());
        QCOMPARE(totals.value("worst_sqnr_db").toDouble(), worst);
        QCOMPARE(totals.value("logits_sqnr_db"), layers.last().toObject().value("sqnr_db"));
        QVERIFY(totals.value("arena_bytes").toInteger() > m_folder->network().input.bytes());
        QVERIFY(totals.value("constant_bytes").toInteger() > totals.value("weights").toInteger());
    }

    void textIsATableAndSaysWhatIsUntrained()
    {
        const CliRun run({"quantize", m_folder->design()});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        for (const char *told :
             {"stem.1.conv", "head.classifier", "SQNR", "arena", "seeded, not trained"})
            QVERIFY2(run.out.contains(told), told);
        QVERIFY(!CliRun(QStringList{"quantize", m_folder->design()} + m_folder->trained())
                     .out.contains("seeded"));
    }

    void theSameEveryTime()
    {
        const QStringList arguments{"quantize", m_folder->design(), "--json", "--seed", "5"};
        const CliRun first(arguments), again(arguments);
        QCOMPARE(again.out, first.out);
        QVERIFY(CliRun({"quantize", m_folder->design(), "--json", "--seed", "6"}).out != first.out);
    }

    void theWayToFindRangesMatters()
    {
        const auto json = [this](const QStringList &options) {
            const CliRun run(QStringList{"quantize", m_folder->design(), "--json"} +
                             m_folder->trained() + options);
            return run.code == 0 ? run.json().object() : QJsonObject();
        };
        const QJsonObject plain = json({});
        const QJsonObject percentile = json({"--ranges", "percentile", "--percentile", "90"});
        QCOMPARE(percentile.value("ranges").toString(), QStringLiteral("percentile"));
        QVERIFY(percentile.value("layers").toArray().first().toObject().value("scale").toDouble() <
                plain.value("layers").toArray().first().toObject().value("scale").toDouble());
        QCOMPARE(json({"--ranges", "mse"}).value("ranges").toString(), QStringLiteral("mse"));
        QCOMPARE(json({"--no-bias-correction"}).value("bias_correction").toBool(true), false);
    }

    void wrongUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("told");
        QTest::newRow("no calibration") << QStringList{"--weights", "W"} << "calibration";
        QTest::newRow("seed") << QStringList{"--seed", "-1"} << "--seed";
        QTest::newRow("ranges") << QStringList{"--ranges", "best"} << "min-max, percentile or mse";
        QTest::newRow("percentile alone")
            << QStringList{"--percentile", "99"} << "--ranges percentile";
        QTest::newRow("percentile")
            << QStringList{"--ranges", "percentile", "--percentile", "nan"} << "50 to 100";
        QTest::newRow("percentile too small")
            << QStringList{"--ranges", "percentile", "--percentile", "20"} << "50 to 100";
        QTest::newRow("mean alone") << QStringList{"--mean", "0,0,0"} << "go together";
        QTest::newRow("mean of text")
            << QStringList{"--mean", "0,x,0", "--std", "1,1,1"} << "no list of numbers";
        QTest::newRow("mean of two")
            << QStringList{"--mean", "0,0", "--std", "1,1"} << "3 input channels";
        QTest::newRow("std of 0") << QStringList{"--mean", "0,0,0", "--std", "1,0,1"}
                                  << "std above 0";
        QTest::newRow("empty path") << QStringList{"--weights", ""} << "path";
        QTest::newRow("unknown option") << QStringList{"--fast"} << "fast";
    }
    void wrongUsageExitsWithTwo()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, told);
        options.replaceInStrings(QRegularExpression("^W$"), m_folder->weights());
        const CliRun run(QStringList{"quantize", m_folder->design()} + options);
        QCOMPARE(run.code, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains(told), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
    }

    void badInputExitsWithThree()
    {
        const QString none = m_folder->path("none");
        const auto told = [](const QStringList &arguments, const QString &text) {
            const CliRun run(arguments);
            QVERIFY2(run.code == 3, qPrintable(run.err));
            QVERIFY2(run.err.contains(text), qPrintable(run.err));
            QVERIFY(run.out.isEmpty());
        };
        told({"quantize", none}, "none");
        told({"quantize", m_folder->design(), "--weights", none, "--calibration",
              m_folder->calibration()},
             "none");
        told({"quantize", m_folder->design(), "--weights", m_folder->weights(), "--calibration",
              none},
             "none");
        told({"quantize", m_folder->design(), "--weights", m_folder->calibration(), "--calibration",
              m_folder->calibration()},
             "some.npy");
        told({"quantize", m_folder->design(), "--calibration", m_folder->weights()},
             "net.safetensors");
        told({"quantize", "atomnet-5fps", "--weights", m_folder->weights(), "--calibration",
              m_folder->calibration()},
             "net.safetensors");
    }

    void helpExplains()
    {
        const CliRun run({"quantize", "--help"});
        QCOMPARE(run.code, 0);
        for (const char *option : {"--weights W", "--calibration PATH", "--seed N", "--ranges R",
                                   "--no-bias-correction", "--mean A,B,C"})
            QVERIFY2(run.out.contains(option), option);
    }

private:
    std::unique_ptr<Int8Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestQuantizeCommand)
#include "tst_quantize_command.moc"
