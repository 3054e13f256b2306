#include "core/analysis/analyze.h"
#include "core/analysis/report_text.h"
#include "core/analysis/verdict.h"
#include "core/base/format.h"
#include "core/model/presets.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

Report presetReport(const QString &id, const QString &board = QStringLiteral("stm32h743"),
                    Runtime runtime = Runtime::XCubeAi72)
{
    Target target{*boardById(board), runtime, 0, 0};
    const Knowledge knowledge{nullptr, shippedLatencyModel(board, runtimeId(runtime))};
    const auto report = analyze(presetById(id)->network, target, knowledge);
    return report ? *report : Report{};
}

Report sampleReport()
{
    return presetReport(QStringLiteral("atomnet-256kb"));
}

QJsonObject parsed(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError) qWarning("%s", qPrintable(error.errorString()));
    return document.object();
}

/// True when these keys stand in this order in the first object of `json` that has the first of
/// them.
bool inOrder(const QByteArray &json, const QList<QByteArray> &keys)
{
    qsizetype at = 0;
    for (const QByteArray &key : keys) {
        at = json.indexOf('"' + key + "\":", at);
        if (at < 0) return false;
    }
    return true;
}

double sumOver(const QJsonArray &layers, const QString &key)
{
    double sum = 0;
    for (const QJsonValue &layer : layers)
        sum += layer.toObject().value(key).toDouble();
    return sum;
}

} // namespace

class TestReportText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exactMs_data();
    void exactMs();
    void jsonHasTheseKeysInOrder();
    void jsonTotalsAreSums();
    void jsonHoldsTheReport();
    void missingIsNullInJson();
    void virtualBoardsHaveInstructions();
    void sramIsToldInItsParts();
    void gapToTheBoundIsTold();
    void jsonEscapesNames();
    void csvIsOneLineALayer();
    void csvQuotes();
    void textFitsTheTerminal_data();
    void textFitsTheTerminal();
    void textSaysAtLeast();
    void textSaysWhatIsOver();
    void namesCannotSteerTheTerminal();
};

void TestReportText::exactMs_data()
{
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<QByteArray>("ms");
    QTest::newRow("zero") << qint64(0) << QByteArray("0");
    QTest::newRow("one ns") << qint64(1) << QByteArray("0.000001");
    QTest::newRow("us") << qint64(6'000) << QByteArray("0.006");
    QTest::newRow("ms") << qint64(275'000'000) << QByteArray("275");
    QTest::newRow("mixed") << qint64(274'612'340) << QByteArray("274.61234");
    QTest::newRow("largest") << std::numeric_limits<qint64>::max()
                             << QByteArray("9223372036854.775807");
}

void TestReportText::exactMs()
{
    QFETCH(qint64, nanoseconds);
    QFETCH(QByteArray, ms);
    QCOMPARE(atomnet::exactMs(nanoseconds), ms);
}

void TestReportText::jsonHasTheseKeysInOrder()
{
    const QByteArray json = reportJson(sampleReport(), QStringLiteral("AtomNet-256KB"));
    QVERIFY(inOrder(json, {"board", "runtime", "clock_hz", "totals", "limits", "fits", "peak",
                           "layers", "design"}));
    QVERIFY(inOrder(json.mid(json.indexOf("\"totals\"")),
                    {"macs", "macs_elementwise", "params", "sram_bytes", "flash_bytes",
                     "flash_weights_bytes", "latency_ms", "latency_low_ms", "latency_high_ms",
                     "measured_share"}));
    QVERIFY(inOrder(json.mid(json.indexOf("\"layers\"")),
                    {"index", "stage", "block", "name", "op", "in", "out", "kernel", "stride",
                     "macs", "params", "flash_bytes", "flash_cumulative_bytes", "sram_bytes",
                     "latency_ms", "latency_low_ms", "latency_high_ms", "source", "samples"}));
    const QJsonObject root = parsed(json);
    QVERIFY(root.value("board").isString());
    QVERIFY(root.value("clock_hz").isDouble());
    QVERIFY(root.value("fits").isBool());
    const QJsonObject layer = root.value("layers").toArray().at(0).toObject();
    QVERIFY(layer.value("name").isString());
    QVERIFY(layer.value("source").isString());
    QVERIFY(layer.value("latency_ms").isDouble());
    QCOMPARE(layer.value("in").toArray(), (QJsonArray{160, 160, 3}));
    QCOMPARE(layer.value("out").toArray(), (QJsonArray{80, 80, 24}));
}

void TestReportText::jsonTotalsAreSums()
{
    const QJsonObject root = parsed(reportJson(sampleReport(), QStringLiteral("x")));
    const QJsonObject totals = root.value("totals").toObject();
    const QJsonArray layers = root.value("layers").toArray();
    for (const QString &key :
         {QStringLiteral("macs"), QStringLiteral("macs_elementwise"), QStringLiteral("params")})
        QCOMPARE(sumOver(layers, key), totals.value(key).toDouble());
    QCOMPARE(sumOver(layers, QStringLiteral("flash_bytes")),
             totals.value("flash_weights_bytes").toDouble());
    QVERIFY(std::abs(sumOver(layers, QStringLiteral("latency_ms")) -
                     totals.value("latency_ms").toDouble()) < 1e-6);
    double sram = 0;
    for (const QJsonValue &value : layers) {
        const QJsonObject layer = value.toObject();
        sram = std::max(sram, layer.value("sram_bytes").toDouble());
        double parts = 0;
        for (const QJsonValue &part : layer.value("sram_parts").toObject())
            parts += part.toDouble();
        QCOMPARE(parts, layer.value("sram_bytes").toDouble());
    }
    QCOMPARE(totals.value("sram_bytes").toDouble(), sram);
    QCOMPARE(layers.last().toObject().value("flash_cumulative_bytes").toDouble(),
             totals.value("flash_bytes").toDouble());
}

void TestReportText::jsonHoldsTheReport()
{
    const Report report = sampleReport();
    const QJsonObject root = parsed(reportJson(report, QStringLiteral("x")));
    QCOMPARE(root.value("layers").toArray().size(), qsizetype(report.layers.size()));
    const QJsonObject peak = root.value("peak").toObject();
    const Layer &layer = report.layers[std::size_t(report.peak.layer)];
    QCOMPARE(peak.value("layer").toString(), layerName(report, layer));
    QCOMPARE(peak.value("tensors").toArray().size(), qsizetype(report.peak.tensors.size()));
    QCOMPARE(root.value("limits").toObject().value("sram_bytes").toInteger(), report.sram.limit);
    QCOMPARE(root.value("totals").toObject().value("sram_high_bytes").toInteger(),
             report.sram.high);
}

void TestReportText::missingIsNullInJson()
{
    const Report report =
        presetReport(QStringLiteral("atomnet-256kb"), QStringLiteral("stm32f412"));
    const QJsonObject root = parsed(reportJson(report, QStringLiteral("x")));
    const QJsonObject totals = root.value("totals").toObject();
    QVERIFY(totals.value("latency_ms").isNull());
    QCOMPARE(totals.value("latency_low_ms").toDouble(-1), 0.0);
    QVERIFY(totals.value("latency_high_ms").isNull());
    const QJsonObject layer = root.value("layers").toArray().at(0).toObject();
    QVERIFY(layer.value("latency_ms").isNull());
    QCOMPARE(layer.value("latency_low_ms").toDouble(-1), 0.0);
    QVERIFY(layer.value("latency_high_ms").isNull());
    QCOMPARE(layer.value("source").toString(), QStringLiteral("missing"));
    QVERIFY(layer.value("extrapolated").isBool());
}

void TestReportText::virtualBoardsHaveInstructions()
{
    Report report =
        presetReport(QStringLiteral("atomnet-256kb"), QStringLiteral("qemu-m7"), Runtime::AtomNet1);
    QVERIFY(report.unit == TimeUnit::Instructions);
    report.layers[0].latency = {1000, 1000, 1000, Source::Measured, 1, false};
    report.measuredLayers = 1;
    report.latency.value = 1000;
    const QJsonObject root = parsed(reportJson(report, QStringLiteral("x")));
    QVERIFY(root.value("clock_hz").isNull());
    const QJsonObject totals = root.value("totals").toObject();
    QVERIFY(totals.value("latency_ms").isNull());
    QVERIFY(totals.value("latency_low_ms").isNull());
    QCOMPARE(totals.value("instructions").toInteger(), qint64(1000));
    const QJsonObject layer = root.value("layers").toArray().at(0).toObject();
    QVERIFY(layer.value("latency_ms").isNull());
    QCOMPARE(layer.value("instructions").toInteger(), qint64(1000));
    QVERIFY(reportCsv(report).startsWith("index,"));
    QVERIFY(reportCsv(report).contains(",instructions,"));
}

void TestReportText::sramIsToldInItsParts()
{
    for (const QString &board : {QStringLiteral("stm32f746"), QStringLiteral("stm32h743")}) {
        const Report report =
            presetReport(QStringLiteral("atomnet-256kb"), board, Runtime::AtomNet1);
        QVERIFY(report.sramBreakdown);
        const SramBreakdown &parts = *report.sramBreakdown;
        const QJsonObject totals =
            parsed(reportJson(report, QStringLiteral("x"))).value("totals").toObject();
        const QJsonObject json = totals.value("sram_parts").toObject();
        QCOMPARE(json.value("arena").toInteger(), parts.arena);
        QCOMPARE(json.value("arena_lower_bound").toInteger(), parts.arenaLowerBound);
        QCOMPARE(json.value("arena_optimal").toBool(), parts.optimal());
        QCOMPARE(json.value("stack").toInteger(), parts.stack);
        const bool counted = json.value("stack_counted").toBool();
        QCOMPARE(counted, board != QStringLiteral("stm32h743"));
        QCOMPARE(totals.value("sram_bytes").toInteger(),
                 parts.arena + json.value("data").toInteger() + (counted ? parts.stack : 0));
        const QString text = reportText(report, QStringLiteral("x"));
        QVERIFY(text.contains(QStringLiteral("arena %1 (optimal)").arg(formatKib(parts.arena))));
        QCOMPARE(text.contains(QStringLiteral("not counted")), !counted);
        QVERIFY(text.contains(QStringLiteral(" scratch of the kernel")));
        QVERIFY(text.contains(QStringLiteral(" of the output lies over the input")));
        const QStringList lines = text.split(QLatin1Char('\n'));
        for (const QString &line : lines)
            QVERIFY2(line.size() <= 120, qPrintable(line));
    }
    const QJsonObject rule =
        parsed(reportJson(sampleReport(), QStringLiteral("x"))).value("totals").toObject();
    QVERIFY(rule.value("sram_parts").isNull());
}

void TestReportText::gapToTheBoundIsTold()
{
    SramBreakdown parts;
    parts.arena = parts.arenaLowerBound = 1000 * 1024;
    QCOMPARE(arenaWords(parts), QStringLiteral("optimal"));
    parts.arena += 1638;
    QCOMPARE(arenaWords(parts), QStringLiteral("at most 1.6 KiB above the least possible"));
}

void TestReportText::jsonEscapesNames()
{
    Report report = sampleReport();
    const QString name = QStringLiteral("a\"b\\c\n\t\u00e4\u20ac\x01");
    report.stageNames[0] = name;
    const QJsonObject root = parsed(reportJson(report, name));
    QCOMPARE(root.value("design").toString(), name);
    QCOMPARE(root.value("layers").toArray().at(0).toObject().value("stage").toString(), name);
}

void TestReportText::csvIsOneLineALayer()
{
    const Report report = sampleReport();
    const QByteArray csv = reportCsv(report);
    QVERIFY(!csv.contains('\r'));
    QVERIFY(csv.endsWith('\n'));
    const QList<QByteArray> lines = csv.chopped(1).split('\n');
    QCOMPARE(lines.size(), qsizetype(report.layers.size()) + 1);
    const qsizetype columns = lines[0].count(',');
    for (const QByteArray &line : lines)
        QCOMPARE(line.count(','), columns);
    const QList<QByteArray> head = lines[0].split(','), first = lines[1].split(',');
    QCOMPARE(first[head.indexOf("op")], QByteArray("conv"));
    QCOMPARE(first[head.indexOf("out_c")], QByteArray("24"));
    QCOMPARE(first[head.indexOf("latency_ms")], atomnet::exactMs(report.layers[0].latency.value));
}

void TestReportText::csvQuotes()
{
    Report report = sampleReport();
    report.stageNames[0] = QStringLiteral("a,\"b\"\nc");
    QVERIFY(reportCsv(report).contains("\n0,\"a,\"\"b\"\"\nc\",1,1,"));
}

void TestReportText::textFitsTheTerminal_data()
{
    QTest::addColumn<QString>("id");
    for (const Preset &preset : presets())
        QTest::newRow(qPrintable(preset.id)) << preset.id;
}

void TestReportText::textFitsTheTerminal()
{
    QFETCH(QString, id);
    Report report = presetReport(id);
    report.stageNames[0] = QString(80, QLatin1Char('n'));
    const QString text = reportText(report, QString(200, QLatin1Char('d')));
    const QStringList lines = text.split(QLatin1Char('\n'));
    const QString lastRow = QStringLiteral(" head.classifier ");
    bool complete = false;
    for (const QString &line : lines) {
        QVERIFY2(line.size() <= 120, qPrintable(line));
        complete = complete || line.contains(lastRow);
    }
    QVERIFY(complete);
    QVERIFY(text.contains(QStringLiteral("STM32H743")));
    QVERIFY(text.contains(QStringLiteral(" KiB")));
    QVERIFY(text.contains(QStringLiteral("estimated")));
}

void TestReportText::textSaysAtLeast()
{
    Report report = sampleReport();
    report.latency.high.reset();
    report.latency.source = Source::Missing;
    report.missingLayers = 2;
    QVERIFY(reportText(report, QStringLiteral("x")).contains(QStringLiteral("at least ")));
    report.missingLayers = int(report.layers.size());
    QVERIFY(reportText(report, QStringLiteral("x")).contains(QStringLiteral("Latency  unknown")));
}

void TestReportText::textSaysWhatIsOver()
{
    const Report report =
        presetReport(QStringLiteral("atomnet-512kb-max"), QStringLiteral("stm32f412"));
    QVERIFY(!report.fits);
    const QString text = reportText(report, QStringLiteral("x"));
    QVERIFY(text.contains(QStringLiteral("over by ")));
    QVERIFY(text.contains(QStringLiteral("Over     SRAM is ")));
    QVERIFY(text.contains(QStringLiteral("Over     Flash is ")));
}

void TestReportText::namesCannotSteerTheTerminal()
{
    Report report = sampleReport();
    report.stageNames[0] = QStringLiteral("a\x1b[31mb");
    const QString text = reportText(report, QStringLiteral("c\x1b]0;d\x07"));
    QVERIFY(!text.contains(QChar(0x1b)));
    QVERIFY(!text.contains(QChar(0x07)));
}

QTEST_APPLESS_MAIN(TestReportText)
#include "tst_report_text.moc"
