#include "tests/core/quant/onnx_bytes.h"

#include <QTest>

#include <limits>

using namespace atomnet;
using onnx::TensorProto;
using test::counting;
using test::OnnxModel;

namespace
{

const QString fileName = QStringLiteral("net.onnx");

QString name(const char *text)
{
    return QString::fromLatin1(text);
}

TensorProto &initializer(OnnxModel &made, const char *named)
{
    for (TensorProto &tensor : *made.graph.mutable_initializer())
        if (tensor.name() == named) return tensor;
    qFatal("no initializer %s", named);
}

onnx::NodeProto &nodeOf(OnnxModel &made, const char *type)
{
    for (onnx::NodeProto &node : *made.graph.mutable_node())
        if (node.op_type() == type) return node;
    qFatal("no node %s", type);
}

/// A convolution of [2][1][1][1], the file's only layer.
OnnxModel oneLayer(const QString &weights = name("stages.0.0.0.conv.weight"))
{
    OnnxModel made;
    made.store(counting(weights, {2, 1, 1, 1}, 1));
    made.node("Conv", {name("x"), weights}, name("y"));
    return made;
}

/// Every product has a matrix of [in][out] here, unlike in PyTorch's exports.
OnnxModel anonymousModel()
{
    OnnxModel made;
    made.store(counting(name("onnx::Conv_43"), {4, 3, 3, 3}, 1));
    made.store(counting(name("onnx::Conv_44"), {4}, 2));
    made.store(counting(name("onnx::MatMul_7"), {3, 2}, 10));
    made.store(counting(name("fc.bias"), {1, 2, 1}, 5));
    made.store(counting(name("last.weight"), {2, 5}, 20));
    made.node("Conv", {name("x"), name("onnx::Conv_43"), name("onnx::Conv_44")}, name("a"));
    made.node("Add", {name("a"), name("x")}, name("shortcut"));
    made.node("MatMul", {name("shortcut"), name("onnx::MatMul_7")}, name("b"));
    made.node("Add", {name("fc.bias"), name("b")}, name("c"));
    made.node("Gemm", {name("c"), name("last.weight")}, name("y"));
    return made;
}

using Change = std::function<void(OnnxModel &)>;

} // namespace
Q_DECLARE_METATYPE(Change)

class TestOnnxWeights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAndBatchNormEqualTheSafetensors()
    {
        const auto file = readOnnxWeights(test::namedModel().bytes(), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QVERIFY(!file->inOrder);
        WeightFile expected;
        expected.tensors = test::trainedTensors();
        const auto units = test::threeUnits();
        const auto weights = assignWeights(units, *file, fileName);
        QVERIFY2(weights, weights ? "" : qPrintable(weights.error().message()));
        QCOMPARE(*weights, *assignWeights(units, expected, fileName));
    }

    void lostNamesComeInOrder()
    {
        const auto file = readOnnxWeights(anonymousModel().bytes(), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QVERIFY(file->inOrder);
        QStringList names;
        for (const NamedTensor &tensor : file->tensors)
            names << tensor.name;
        QCOMPARE(names, QStringList({name("0.weight"), name("0.bias"), name("1.weight"),
                                     name("1.bias"), name("2.weight")}));
        QCOMPARE(file->tensors[0].shape, (std::vector<qint64>{4, 3, 3, 3}));
        QCOMPARE(file->tensors[1].values, counting({}, {4}, 2).values);
        QCOMPARE(file->tensors[2].shape, (std::vector<qint64>{2, 3}));
        QCOMPARE(file->tensors[2].values,
                 (std::vector<float>{10, 10.5F, 11, 10.25F, 10.75F, 11.25F}));
        QCOMPARE(file->tensors[3].shape, std::vector<qint64>{2});
        QCOMPARE(file->tensors[3].values, (std::vector<float>{5, 5.25F}));
        QCOMPARE(file->tensors[4].shape, (std::vector<qint64>{5, 2}));
    }

    void namesWinOverOrder()
    {
        OnnxModel made; // the classifier stands first, and its matrix is transposed
        made.store(counting(name("head.classifier.weight"), {4, 2}));
        made.store(counting(name("head.classifier.bias"), {2}));
        made.store(counting(name("stages.0.0.0.conv.weight"), {4, 3, 3, 3}));
        made.store(counting(name("stages.0.0.0.conv.bias"), {4}));
        made.store(counting(name("unused"), {7}));
        made.node("Gemm", {name("x"), name("head.classifier.weight"), name("head.classifier.bias")},
                  name("a"));
        made.node("Conv",
                  {name("a"), name("stages.0.0.0.conv.weight"), name("stages.0.0.0.conv.bias")},
                  name("y"));
        const auto file = readOnnxWeights(made.bytes(), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QVERIFY(!file->inOrder);
        QCOMPARE(file->tensors.size(), std::size_t{4});
        auto units = test::threeUnits();
        units.erase(units.begin() + 1);
        const auto weights = assignWeights(units, *file, fileName);
        QVERIFY2(weights, weights ? "" : qPrintable(weights.error().message()));
        QCOMPARE(weights->units[1].weights,
                 (std::vector<float>{0, 0.5F, 1, 1.5F, 0.25F, 0.75F, 1.25F, 1.75F}));
    }

    void readsEveryStorage_data()
    {
        QTest::addColumn<Change>("store");
        QTest::newRow("raw floats") << Change([](OnnxModel &) {});
        QTest::newRow("a list of floats") << Change([](OnnxModel &made) {
            TensorProto &tensor = *made.graph.mutable_initializer(0);
            tensor.clear_raw_data();
            tensor.add_float_data(1);
            tensor.add_float_data(1.25F);
        });
        QTest::newRow("a list of doubles") << Change([](OnnxModel &made) {
            TensorProto &tensor = *made.graph.mutable_initializer(0);
            tensor.clear_raw_data();
            tensor.set_data_type(TensorProto::DOUBLE);
            tensor.add_double_data(1);
            tensor.add_double_data(1.25);
        });
        QTest::newRow("a list of halves") << Change([](OnnxModel &made) {
            TensorProto &tensor = *made.graph.mutable_initializer(0);
            tensor.clear_raw_data();
            tensor.set_data_type(TensorProto::FLOAT16);
            tensor.add_int32_data(0x3C00);
            tensor.add_int32_data(0x3D00);
        });
        QTest::newRow("raw bfloat16") << Change([](OnnxModel &made) {
            TensorProto &tensor = *made.graph.mutable_initializer(0);
            tensor.set_data_type(TensorProto::BFLOAT16);
            tensor.set_raw_data("\x80\x3f\xa0\x3f");
        });
        QTest::newRow("a constant operator") << Change([](OnnxModel &made) {
            const TensorProto tensor = made.graph.initializer(0);
            made.graph.clear_initializer();
            made.graph.clear_node();
            auto &node = made.node("Constant", {}, QString::fromStdString(tensor.name()));
            auto &value = *node.add_attribute();
            value.set_name("value");
            *value.mutable_t() = tensor;
            made.node("Conv", {name("x"), QString::fromStdString(tensor.name())}, name("y"));
        });
    }
    void readsEveryStorage()
    {
        QFETCH(Change, store);
        OnnxModel made = oneLayer();
        store(made);
        const auto file = readOnnxWeights(made.bytes(), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QCOMPARE(file->tensors.size(), std::size_t{1});
        QCOMPARE(file->tensors[0].values, (std::vector<float>{1, 1.25F}));
    }

    void aDoubleBeyondFloatIsInfinite()
    {
        OnnxModel made = oneLayer();
        TensorProto &tensor = *made.graph.mutable_initializer(0);
        tensor.clear_raw_data();
        tensor.set_data_type(TensorProto::DOUBLE);
        tensor.add_double_data(-1e300);
        tensor.add_double_data(1e-300);
        const auto file = readOnnxWeights(made.bytes(), fileName);
        QVERIFY(file.has_value());
        QCOMPARE(file->tensors[0].values,
                 (std::vector<float>{-std::numeric_limits<float>::infinity(), 0}));
    }

    void readsMetadata()
    {
        OnnxModel made = oneLayer();
        for (const auto &[key, value] : {std::pair("mean", "0.5"), std::pair("std", "0.25"),
                                         std::pair("labels", "[\"a\",\"b\"]")}) {
            auto &entry = *made.model.add_metadata_props();
            entry.set_key(key);
            entry.set_value(value);
        }
        auto file = readOnnxWeights(made.bytes(), fileName);
        QVERIFY2(file, file ? "" : qPrintable(file.error().message()));
        QCOMPARE(file->normalisation, (Normalisation{{0.5F}, {0.25F}}));
        QCOMPARE(file->labels, QStringList({name("a"), name("b")}));
        made.model.mutable_metadata_props(1)->set_value("-1");
        QVERIFY(!readOnnxWeights(made.bytes(), fileName));
    }

    void refusesHostileModels_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *title, const Change &change, const char *says) {
            QTest::newRow(title) << change << QString::fromLatin1(says);
        };
        const char *const weight = "stages.0.0.0.conv.conv.weight";
        row(
            "no operators", [](OnnxModel &m) { m.graph.clear_node(); }, "it has no operators");
        row(
            "no layers",
            [](OnnxModel &m) {
                m.graph.clear_node();
                m.node("Relu", {name("x")}, name("y"));
            },
            "no convolution or fully connected layer");
        row(
            "a cycle of two",
            [](OnnxModel &m) {
                m.graph.clear_node();
                m.node("Identity", {name("b")}, name("a"));
                m.node("Identity", {name("a")}, name("b"));
            },
            "an operator \"Identity\" reads \"b\", which nothing before it gives: the graph has a "
            "cycle");
        row(
            "its own input",
            [](OnnxModel &m) {
                m.graph.clear_node();
                m.node("Identity", {name("a")}, name("a")).set_name("loop");
            },
            "the operator \"loop\" reads \"a\", which nothing before it gives");
        row(
            "an input given twice", [](OnnxModel &m) { m.node("Relu", {name("x")}, name("y")); },
            "\"y\" is given twice");
        row(
            "a tensor stored twice",
            [=](OnnxModel &m) { *m.graph.add_initializer() = initializer(m, weight); },
            "\"stages.0.0.0.conv.conv.weight\" is given twice");
        row(
            "a missing tensor",
            [](OnnxModel &m) { m.graph.mutable_initializer()->DeleteSubrange(0, 1); },
            "which nothing before it gives");
        row(
            "external data",
            [=](OnnxModel &m) { initializer(m, weight).set_data_location(TensorProto::EXTERNAL); },
            "lies in another file; save the model as one file");
        row(
            "raw bytes cut",
            [=](OnnxModel &m) { initializer(m, weight).mutable_raw_data()->pop_back(); },
            "is 4 x 3 x 3 x 3, but holds another count");
        row(
            "no numbers", [=](OnnxModel &m) { initializer(m, weight).clear_raw_data(); },
            "but holds another count of numbers");
        row(
            "a negative side", [=](OnnxModel &m) { initializer(m, weight).set_dims(0, -4); },
            "claims the shape -4 x 3 x 3 x 3, which no file can hold");
        row(
            "2^60", [=](OnnxModel &m) { initializer(m, weight).set_dims(0, qint64(1) << 60); },
            "claims the shape 1152921504606846976 x 3 x 3 x 3");
        row(
            "too many numbers",
            [=](OnnxModel &m) { initializer(m, weight).set_dims(0, qint64(1) << 30); },
            "the layers claim more than");
        row(
            "whole numbers",
            [=](OnnxModel &m) { initializer(m, weight).set_data_type(TensorProto::INT8); },
            "holds no floats (ONNX type 3); give the float model");
        row(
            "quantised weights", [=](OnnxModel &m) { nodeOf(m, "Conv").set_input(1, "x"); },
            "computes its weights instead of storing them");
        row(
            "a computed bias", [](OnnxModel &m) { nodeOf(m, "Conv").add_input("x"); },
            "computes its weights");
        row(
            "a layer without weights",
            [](OnnxModel &m) { nodeOf(m, "Gemm").mutable_input()->DeleteSubrange(1, 2); },
            "computes its weights");
        row(
            "a scaled product", [](OnnxModel &m) { test::setFloat(nodeOf(m, "Gemm"), "alpha", 2); },
            "scales or transposes its input");
        row(
            "a transposed input",
            [](OnnxModel &m) { test::setInt(nodeOf(m, "Gemm"), "transA", 1); },
            "scales or transposes its input");
        row(
            "another epsilon",
            [](OnnxModel &m) {
                nodeOf(m, "BatchNormalization").mutable_attribute(0)->set_f(1e-3F);
            },
            "has epsilon 0.001; designs are trained with 1e-5");
        row(
            "batch norm without its inputs",
            [](OnnxModel &m) { nodeOf(m, "BatchNormalization").mutable_input()->RemoveLast(); },
            "computes its weights");
        row(
            "batch norm and no names",
            [=](OnnxModel &m) {
                initializer(m, weight).set_name("onnx::Conv_1");
                nodeOf(m, "Conv").set_input(1, "onnx::Conv_1");
            },
            "has batch norms but its layers have lost their names");
    }
    void refusesHostileModels()
    {
        QFETCH(Change, change);
        QFETCH(QString, says);
        OnnxModel made = test::namedModel();
        QVERIFY(readOnnxWeights(made.bytes(), fileName).has_value());
        change(made);
        const auto file = readOnnxWeights(made.bytes(), fileName);
        QVERIFY(!file);
        QVERIFY(file.error().code == ErrorCode::BadInput);
        QCOMPARE(file.error().where, fileName);
        QVERIFY2(file.error().what.contains(says), qPrintable(file.error().what));
    }

    void aSharedTensorDoesNotMultiplyMemory()
    {
        OnnxModel made;
        made.store(counting(name("onnx::w"), {1 << 16, 1}));
        for (int i = 0; i < 1 << 12; ++i)
            made.node("MatMul", {name("x"), name("onnx::w")}, QString::number(i));
        const auto file = readOnnxWeights(made.bytes(), fileName);
        QVERIFY(!file);
        QVERIFY2(file.error().what.contains(name("claim more than 134 million weights")),
                 qPrintable(file.error().what));
    }

    void millionsOfEmptyPartsAreRefused()
    {
        QByteArray graph;
        for (int i = 0; i < 2'000'001; ++i)
            graph.append("\x0a\x00", 2); // a node without contents
        QByteArray bytes("\x3a", 1);
        for (quint32 left = quint32(graph.size()); left > 0; left >>= 7)
            bytes.append(char((left & 0x7f) | (left > 0x7f ? 0x80 : 0)));
        const auto file = readOnnxWeights(bytes + graph, fileName);
        QVERIFY(!file);
        QVERIFY2(file.error().what.contains(name("more than 2000000 parts")),
                 qPrintable(file.error().what));
    }

    void everyCutIsRefused()
    {
        const QByteArray whole = test::namedModel().bytes();
        for (qsizetype size = 0; size < whole.size(); ++size) {
            const auto file = readOnnxWeights(whole.left(size), fileName);
            QVERIFY2(!file, qPrintable(QString::number(size)));
            QVERIFY(!file.error().what.isEmpty());
        }
    }

    void otherBytesAreNotOnnx_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("text") << QByteArray("import torch\n");
        QTest::newRow("zeros") << QByteArray(100, '\0');
        QTest::newRow("a group") << QByteArray(200, '\x0b');
        QTest::newRow("a length beyond 2^31") << QByteArray("\x3a\xff\xff\xff\xff\x0f");
    }
    void otherBytesAreNotOnnx()
    {
        QFETCH(QByteArray, bytes);
        const auto file = readOnnxWeights(bytes, fileName);
        QVERIFY(!file);
        QVERIFY2(
            file.error().what.startsWith(name("this is neither a safetensors nor an ONNX file")),
            qPrintable(file.error().what));
    }
};

QTEST_APPLESS_MAIN(TestOnnxWeights)
#include "tst_onnx_weights.moc"
