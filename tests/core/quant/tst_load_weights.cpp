#include "core/lowering/lower.h"
#include "core/model/design_file.h"
#include "core/quant/weight_units.h"

#include "tests/core/quant/onnx_bytes.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>

using namespace atomnet;

namespace
{

/// The network of torch_model.py.
constexpr char design[] = R"({"format":"atomnet-design","version":1,"name":"",
 "input":{"height":16,"width":16,"channels":3},
 "stages":[{"name":"a","blocks":[{"type":"conv","out":8,"kernel":3,"stride":2,"act":"relu"}]},
  {"name":"b","blocks":[{"type":"sep","out":16,"kernel":3,"act":"relu"},
   {"type":"mbconv","out":16,"kernel":5,"expand":2,"act":"relu","se":{"channels":8}}]}],
 "head":{"classes":10}})";

std::vector<WeightUnit> unitsOfDesign()
{
    const auto file = readDesign(design, QStringLiteral("design"));
    if (!file) qFatal("%s", qPrintable(file.error().message()));
    return weightUnits(lower(file->network, Runtime::AtomNet1).value());
}

/// Weights and biases one after the other, weights in PyTorch's order.
std::vector<float> inTorchOrder(const std::vector<WeightUnit> &units, const FloatWeights &weights)
{
    std::vector<float> all;
    for (std::size_t u = 0; u < units.size(); ++u) {
        const int out = units[u].out, in = units[u].in, area = units[u].kernel * units[u].kernel;
        for (int o = 0; o < out; ++o)
            for (int i = 0; i < in; ++i)
                for (int p = 0; p < area; ++p)
                    all.push_back(weights.units[u].weights[std::size_t((o * area + p) * in + i)]);
        all.insert(all.end(), weights.units[u].bias.begin(), weights.units[u].bias.end());
    }
    return all;
}

} // namespace

class TestLoadWeights : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString put(const char *name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", name);
        return file.fileName();
    }

private Q_SLOTS:
    void contentDecidesNotTheName()
    {
        const auto units = test::threeUnits();
        const auto safetensors =
            loadWeights(units, put("a.bin", test::safetensorsOf(test::trainedTensors())));
        QVERIFY2(safetensors, safetensors ? "" : qPrintable(safetensors.error().message()));
        const auto onnx = loadWeights(units, put("b.safetensors", test::namedModel().bytes()));
        QVERIFY2(onnx, onnx ? "" : qPrintable(onnx.error().message()));
        QCOMPARE(*onnx, *safetensors);
    }

    void refusesOtherFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("the weight file is empty");
        QTest::newRow("text") << QByteArray("hello, world")
                              << QStringLiteral("neither a safetensors nor an ONNX file");
        QTest::newRow("a checkpoint")
            << QByteArray("PK\3\4...") << QStringLiteral("this is a PyTorch checkpoint");
        QTest::newRow("an old checkpoint")
            << QByteArray("\x80\x02...") << QStringLiteral("this is a PyTorch checkpoint");
        QTest::newRow("cut safetensors") << test::safetensorsOf(test::trainedTensors()).left(100)
                                         << QStringLiteral("the header claims");
        QTest::newRow("of another design")
            << test::safetensorsOf({test::counting(QStringLiteral("w"), {1})})
            << QStringLiteral("holds \"w\", which the design has no place for");
    }
    void refusesOtherFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const QString path = put("other", bytes);
        const auto weights = loadWeights(test::threeUnits(), path);
        QVERIFY(!weights);
        QVERIFY(weights.error().code == ErrorCode::BadInput);
        QCOMPARE(weights.error().where, path);
        QVERIFY2(weights.error().what.contains(says), qPrintable(weights.error().what));
    }

    void saysWhyAFileCannotBeRead()
    {
        const auto absent = loadWeights({}, m_folder.filePath(QStringLiteral("absent")));
        QVERIFY(!absent && absent.error().code == ErrorCode::Io);
        QVERIFY(absent.error().what.contains(QStringLiteral("No such file")));
        const auto folder = loadWeights({}, m_folder.path());
        QVERIFY(!folder && folder.error().code == ErrorCode::Io);
    }

    void tooLargeFilesAreNotRead()
    {
        QFile file(m_folder.filePath(QStringLiteral("large")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64(1) << 40)); // sparse
        const auto weights = loadWeights({}, file.fileName());
        QVERIFY(!weights);
        QVERIFY2(weights.error().what.contains(QStringLiteral("larger than 256 MiB")),
                 qPrintable(weights.error().what));
        file.remove();
    }

    void pytorchsExportsComeBack()
    {
        const QString python = QStringLiteral("/usr/bin/python3");
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(python, {QStringLiteral("-c"), QStringLiteral("import torch, onnx")});
        if (!process.waitForFinished(120'000) || process.exitCode() != 0)
            QSKIP("python3-torch or python3-onnx is not installed");
        process.start(python,
                      {QStringLiteral(ATOMNET_SOURCE_DIR "/tests/core/quant/torch_model.py"),
                       m_folder.path()});
        QVERIFY(process.waitForFinished(240'000));
        QVERIFY2(process.exitCode() == 0, process.readAll().constData());

        QFile file(m_folder.filePath(QStringLiteral("folded.bin")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        std::vector<float> expected(std::size_t(bytes.size()) / sizeof(float));
        std::memcpy(expected.data(), bytes.constData(), expected.size() * sizeof(float));

        const auto units = unitsOfDesign();
        for (const char *name : {"net.safetensors", "named.onnx", "default.onnx"}) {
            const auto weights = loadWeights(units, m_folder.filePath(QString::fromLatin1(name)));
            QVERIFY2(weights, weights ? "" : qPrintable(weights.error().message()));
            QVERIFY(weights->trained);
            QCOMPARE(weights->normalisation.has_value(), name == std::string("net.safetensors"));
            const std::vector<float> values = inTorchOrder(units, *weights);
            QCOMPARE(values.size(), expected.size());
            float worst = 0;
            for (std::size_t i = 0; i < values.size(); ++i)
                worst = std::max(worst, std::fabs(values[i] - expected[i]) /
                                            std::max(1.0F, std::fabs(expected[i])));
            QVERIFY2(
                worst <= 1e-6F,
                qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(name)).arg(double(worst))));
        }
    }
};

QTEST_GUILESS_MAIN(TestLoadWeights)
#include "tst_load_weights.moc"
