#include "core/analysis/latency_model.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

/// A line of the authors' format for a made-up pointwise convolution.
QByteArray pointwise(int side, int in, int out)
{
    const int macs = side * side * in * out + out;
    const QByteArray shape = QByteArray::number(side) + ',' + QByteArray::number(side);
    return "conv2d,PointWise,1," + QByteArray::number(in) + ',' + shape + ",1,1," +
           QByteArray::number(out) + ',' + shape + ',' + QByteArray::number(macs) + ',' +
           QByteArray::number(in * out + 4 * out) + ',' +
           QByteArray::number(0.005 + side * side * in * out / 400e3, 'f', 3) + ",\n";
}

QByteArray someCsv()
{
    QByteArray csv = "type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,"
                     "latency,MACs/latency\n";
    for (const int side : {5, 7, 10, 14, 20, 28})
        for (const int in : {8, 16, 24, 40, 64})
            for (const int out : {8, 24, 48, 96})
                csv += pointwise(side, in, out);
    return csv;
}

} // namespace

class TestDbPredict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        useDataFolder(m_folder.path());
        QVERIFY(writeFile(m_folder.filePath("some.csv"), someCsv()));
        const CliRun import({"db", "import", m_folder.filePath("some.csv"), "--json"});
        QCOMPARE(import.code, 0);
        QCOMPARE(import.json()["models_fitted"].toInt(), 1);
    }

    void importFitsOnlyWhatChanged()
    {
        const CliRun again({"db", "import", m_folder.filePath("some.csv"), "--json"});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.json()["models_fitted"].toInt(-1), 0);
    }

    void measuredOperator()
    {
        const CliRun run({"db", "predict", "pointwise", "10x10x16", "--out", "24", "--json"});
        QCOMPARE(run.code, 0);
        const QJsonDocument json = run.json();
        QCOMPARE(json["board"].toString(), QString("stm32h743"));
        QCOMPARE(json["runtime"].toString(), QString("x-cube-ai-7.2"));
        QCOMPARE(json["unit"].toString(), QString("ms"));
        QCOMPARE(json["kind"].toString(), QString("pointwise"));
        QCOMPARE(json["out"].toArray(), (QJsonArray{10, 10, 24}));
        QCOMPARE(json["measured"]["value"].toDouble(), 0.101);
        QCOMPARE(json["measured"]["samples"].toInt(), 1);
        const QJsonValue predicted = json["predicted"];
        QVERIFY(std::abs(predicted["value"].toDouble() - 0.101) < 0.003);
        QVERIFY(predicted["low"].toDouble() < predicted["value"].toDouble());
        QVERIFY(predicted["high"].toDouble() > predicted["value"].toDouble());
        QVERIFY(std::abs(json["error"].toDouble() - (predicted["value"].toDouble() / 0.101 - 1)) <
                1e-9);
        QCOMPARE(json["scratch_bytes"].toInt(), 4 * 16 + 10 * 24);
        QCOMPARE(json["flash_bytes"].toInt(), 16 * 24 + 4 * 24);
    }

    void unmeasuredOperator()
    {
        const CliRun run({"db", "predict", "pointwise", "12x12x32", "--out", "64", "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.json()["measured"].isNull());
        QVERIFY(run.json()["error"].isNull());
        QVERIFY(run.json()["extrapolation"].isNull());
        QVERIFY(std::abs(run.json()["predicted"]["value"].toDouble() / 0.7423 - 1) < 0.05);
        const CliRun text({"db", "predict", "pointwise", "12x12x32", "--out", "64"});
        QCOMPARE(text.code, 0);
        QVERIFY(text.out.startsWith("pointwise 12x12x32 -> 12x12x64 on STM32H743"));
        QVERIFY(text.out.contains("measured   no\n"));
        QVERIFY(text.out.contains("scratch    768 bytes\n"));
    }

    void extrapolationIsTold()
    {
        const CliRun run({"db", "predict", "pointwise", "12x12x2048", "--out", "64", "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.json()["extrapolation"].toString().contains("2048"));
        const CliRun text({"db", "predict", "pointwise", "12x12x2048", "--out", "64"});
        QVERIFY(text.out.contains("extrapolated: "));
    }

    void kindWithoutSamplesIsSaid()
    {
        const CliRun run({"db", "predict", "depthwise", "12x12x32"});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.out.contains("nothing is known of this kind"), qPrintable(run.out));
        const CliRun json({"db", "predict", "depthwise", "12x12x32", "--json"});
        QVERIFY(json.json()["predicted"].isNull());
        QVERIFY(json.json()["scratch_bytes"].isNull());
    }

    void ownRuntimeCountsInstructions()
    {
        const CliRun run({"db", "predict", "depthwise", "20x20x96", "--kernel", "5", "--stride",
                          "2", "--act", "hswish", "--board", "qemu-m7", "--runtime", "atomnet-1",
                          "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["unit"].toString(), QString("instructions"));
        QCOMPARE(run.json()["out"].toArray(), (QJsonArray{10, 10, 96}));
        QCOMPARE(run.json()["activation"].toString(), QString("hswish"));
        QVERIFY(run.json()["predicted"]["value"].toDouble() > 1e5);
        QVERIFY(run.json()["scratch_bytes"].toInt() > 0);
    }

    void designListsItsOperators()
    {
        const CliRun run({"db", "predict", "--design", "atomnet-256kb", "--json"});
        QCOMPARE(run.code, 0);
        const QJsonArray layers = run.json()["layers"].toArray();
        QVERIFY(layers.size() > 40);
        QCOMPARE(layers.first()["layer"].toString(), QString("stem.1.conv"));
        QVERIFY(run.json()["missing_layers"].toInt() > 0);
        double known = 0;
        int missing = 0;
        for (const QJsonValue &layer : layers) {
            known += layer["measured"].isNull() ? layer["predicted"]["value"].toDouble()
                                                : layer["measured"]["value"].toDouble();
            missing += layer["measured"].isNull() && layer["predicted"].isNull();
        }
        QCOMPARE(run.json()["missing_layers"].toInt(), missing);
        QVERIFY(std::abs(run.json()["total"]["known"].toDouble() - known) < 1e-6);
        const CliRun text({"db", "predict", "--design", "atomnet-256kb"});
        QCOMPARE(text.code, 0);
        QVERIFY(text.out.contains("At least "));
        QCOMPARE(text.out.count('\n'), layers.size() + 3);
    }

    void wrongUseIsOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const QStringList &arguments, int code, const char *says) {
            QTest::newRow(qPrintable(arguments.join(' '))) << arguments << code << QString(says);
        };
        row({}, 2, "give a kind");
        row({"pointwise"}, 2, "give a kind");
        row({"convolution", "8x8x8"}, 2, "there are conv, depthwise");
        row({"pointwise", "8x8"}, 2, "no input shape");
        row({"pointwise", "0x8x8"}, 2, "no shape");
        row({"pointwise", "8x8x8", "--out", "many"}, 2, "no whole number");
        row({"pointwise", "8x8x8", "--out", "-3"}, 2, "output channels");
        row({"pointwise", "99999x99999x99999"}, 2, "no shape");
        row({"depthwise", "8x8x8", "--kernel", "4"}, 2, "must be odd");
        row({"pointwise", "8x8x8", "--act", "tanh"}, 2, "no activation");
        row({"pointwise_pair", "8x8x8", "--expand", "16"}, 2, "no operator pointwise_pair");
        row({"pointwise", "8x8x8", "--board", "toaster"}, 2, "toaster");
        row({"pointwise", "8x8x8", "--db", "/no/such/file"}, 3, "no AtomDB");
        row({"--design", "/no/such/design.atomnet"}, 3, "no such file");
        row({"--design", "atomnet-256kb", "--kernel", "5"}, 2, "leave kind");
        row({"pointwise", "8x8x8", "--design", "atomnet-256kb"}, 2, "leave kind");
    }
    void wrongUseIsOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        const CliRun run(QStringList{"db", "predict"} + arguments);
        QCOMPARE(run.code, code);
        QVERIFY2(run.err.contains(says), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
        QVERIFY(run.out.isEmpty());
    }

    void helpNamesTheKinds()
    {
        const CliRun run({"db", "predict", "--help"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.out.contains("squeeze_excite"));
        QVERIFY(run.out.contains("--design"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestDbPredict)
#include "tst_db_predict.moc"
