#include "core/model/validate.h"

#include "core/model/edit.h"
#include "tests/core/model/random_network.h"

#include <QTest>

#include <functional>
#include <limits>

using namespace atomnet;

using Change = std::function<void(Network &)>;
Q_DECLARE_METATYPE(Change)

namespace
{

/// stem: a conv; s1: a sep, a convnext and an mbconv.
Network sample()
{
    Network network;
    Block stem = defaultBlock(BlockType::Conv);
    stem.stride = 2;
    network.stages.push_back({{}, QStringLiteral("stem"), {stem}, {}});
    network.stages.push_back({{},
                              QStringLiteral("s1"),
                              {defaultBlock(BlockType::Sep), defaultBlock(BlockType::ConvNext),
                               defaultBlock(BlockType::MbConv)},
                              {}});
    assignIds(network);
    return network;
}

Block &at(Network &network, size_t stage, size_t index)
{
    return network.stages[stage].blocks[index];
}

} // namespace

class TestValidate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWithPlaceAndSentence_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("what");
        const auto row = [](const char *name, const Change &change, const char *where,
                            const char *what) {
            QTest::newRow(name) << change << QString::fromLatin1(where)
                                << QString::fromLatin1(what);
        };
        row(
            "even kernel", [](Network &n) { at(n, 1, 1).kernel = 4; }, "stage s1, block 2",
            "the kernel is 4; use 1, 3, 5 or 7");
        row(
            "negative kernel", [](Network &n) { at(n, 0, 0).kernel = -3; }, "stage stem, block 1",
            "the kernel is -3; use 1, 3, 5 or 7");
        row(
            "kernel 9", [](Network &n) { at(n, 0, 0).kernel = 9; }, "stage stem, block 1",
            "the kernel is 9; use 1, 3, 5 or 7");
        row(
            "no stride", [](Network &n) { at(n, 1, 0).stride = 0; }, "stage s1, block 1",
            "the stride is 0; use 1 to 4");
        row(
            "stride 5", [](Network &n) { at(n, 1, 0).stride = 5; }, "stage s1, block 1",
            "the stride is 5; use 1 to 4");
        row(
            "no channels", [](Network &n) { at(n, 1, 0).out = 0; }, "stage s1, block 1",
            "the number of output channels is 0; use 1 to 65536");
        row(
            "hostile channels",
            [](Network &n) { at(n, 1, 0).out = std::numeric_limits<int>::max(); },
            "stage s1, block 1", "the number of output channels is 2147483647; use 1 to 65536");
        row(
            "repeat", [](Network &n) { at(n, 1, 0).repeat = 1001; }, "stage s1, block 1",
            "the repeat count is 1001; use 1 to 1000");
        row(
            "expand on sep", [](Network &n) { at(n, 1, 0).expand = 2; }, "stage s1, block 1",
            "a SEP block has no expansion; only ConvNeXt and MBConv have one");
        row(
            "no expansion", [](Network &n) { at(n, 1, 1).expand = 0; }, "stage s1, block 2",
            "the expansion is 0; use a number above 0, at most 64");
        row(
            "NaN",
            [](Network &n) { at(n, 1, 1).expand = std::numeric_limits<double>::quiet_NaN(); },
            "stage s1, block 2", "the expansion is nan; use a number above 0, at most 64");
        row(
            "infinite",
            [](Network &n) { at(n, 1, 1).expand = std::numeric_limits<double>::infinity(); },
            "stage s1, block 2", "the expansion is inf; use a number above 0, at most 64");
        row(
            "SE on conv", [](Network &n) { at(n, 0, 0).se = SqueezeExcite{}; },
            "stage stem, block 1",
            "a Conv block has no squeeze-and-excite; remove it or use another block type");
        row(
            "SE without reduction",
            [](Network &n) {
                at(n, 1, 0).se = SqueezeExcite{};
                at(n, 1, 0).se->reduction = 0;
            },
            "stage s1, block 1", "the squeeze reduction is 0; use 1 to 65536");
        row(
            "SE channels",
            [](Network &n) {
                at(n, 1, 0).se = SqueezeExcite{};
                at(n, 1, 0).se->channels = -1;
            },
            "stage s1, block 1", "the number of squeeze channels is -1; use 1 to 65536");
        row(
            "no such activation", [](Network &n) { at(n, 1, 0).act = Activation(200); },
            "stage s1, block 1",
            "the activation is none of none, relu, relu6, hswish and hsigmoid");
        row(
            "no such type", [](Network &n) { at(n, 1, 0).type = BlockType(9); },
            "stage s1, block 1", "the type is none of conv, sep, convnext and mbconv");
        row(
            "expanded width",
            [](Network &n) {
                n.input = {4, 4, 3};
                at(n, 1, 0).out = 60000;
            },
            "stage s1, block 2",
            "the expanded tensor has 360000 channels; at most 65536 are possible");
        row(
            "expanded width of the repeats",
            [](Network &n) {
                n.input = {4, 4, 3};
                at(n, 1, 2).out = 60000;
                at(n, 1, 2).repeat = 2;
            },
            "stage s1, block 3",
            "the expanded tensor has 180000 channels; at most 65536 are possible");
        row(
            "tensor",
            [](Network &n) {
                n.input = {4096, 4096, 3};
                at(n, 0, 0).out = 17;
            },
            "stage stem, block 1",
            "the output of 2048x2048x17 takes 68.0 MiB; at most 64 MiB are possible");
        row(
            "stride on one pixel",
            [](Network &n) {
                n.input = {1, 1, 3};
            },
            "stage stem, block 1", "stride 2 on a 1x1 map would shrink below 1x1; use stride 1");
        row(
            "unnamed stage",
            [](Network &n) {
                n.stages[1].name.clear();
                at(n, 1, 2).kernel = 2;
            },
            "stage 2, block 3", "the kernel is 2; use 1, 3, 5 or 7");
        row(
            "half a character", [](Network &n) { n.stages[1].name = QString(QChar(0xd800)); }, "",
            "");
        row(
            "input height", [](Network &n) { n.input.h = 0; }, "",
            "the input height is 0; use 1 to 4096");
        row(
            "input width", [](Network &n) { n.input.w = 4097; }, "",
            "the input width is 4097; use 1 to 4096");
        row(
            "input channels", [](Network &n) { n.input.c = -1; }, "",
            "the number of input channels is -1; use 1 to 65536");
        row(
            "input size",
            [](Network &n) {
                n.input = {4096, 4096, 5};
            },
            "", "the input of 4096x4096x5 takes 80.0 MiB; at most 64 MiB are possible");
        row(
            "classes", [](Network &n) { n.head.classes = 0; }, "",
            "the number of classes is 0; use 1 to 65536");
        row(
            "head conv", [](Network &n) { n.head.conv = HeadLayer{}; }, "",
            "the width of the head's convolution is 0; use 1 to 65536");
        row(
            "head hidden",
            [](Network &n) {
                n.head.hidden = HeadLayer{70000, {}, {}};
            },
            "", "the width of the head's hidden layer is 70000; use 1 to 65536");
        row(
            "too many blocks",
            [](Network &n) {
                for (int i = 0; i < 5; ++i) {
                    n.stages[1].blocks.push_back(defaultBlock(BlockType::Sep));
                    n.stages[1].blocks.back().repeat = 1000;
                }
            },
            "stage s1, block 8",
            "with this one the design has more than 4096 blocks (repeats counted); remove some");
        row(
            "too many stages", [](Network &n) { n.stages.resize(1025); }, "",
            "the design has 1025 stages; at most 1024 are possible");
    }

    void refusesWithPlaceAndSentence()
    {
        QFETCH(Change, change);
        QFETCH(QString, where);
        QFETCH(QString, what);
        Network network = sample();
        QVERIFY(validate(network));
        change(network);
        const Result<> result = validate(network);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::BadInput);
        if (what.isEmpty()) {
            QVERIFY(result.error().what.contains(QStringLiteral("half a character")));
            return;
        }
        QCOMPARE(result.error().what, what);
        QCOMPARE(result.error().where, where);
    }

    void acceptsTheExtremes_data()
    {
        QTest::addColumn<Change>("change");
        QTest::newRow("empty") << Change([](Network &n) { n.stages.clear(); });
        QTest::newRow("empty stages") << Change([](Network &n) { n.stages.assign(1024, {}); });
        QTest::newRow("one pixel") << Change([](Network &n) {
            n.input = {1, 1, 1};
            at(n, 0, 0).stride = 1;
        });
        QTest::newRow("stride on a line") << Change([](Network &n) {
            n.input = {1, 8, 1};
            at(n, 1, 0).stride = 4;
        });
        QTest::newRow("7x7 on one pixel") << Change([](Network &n) {
            n.input = {2, 2, 1};
            at(n, 1, 0).kernel = 7;
        });
        QTest::newRow("widest") << Change([](Network &n) {
            n.input = {2, 2, 3};
            at(n, 1, 2).out = maxChannels;
        });
        QTest::newRow("tiny expansion") << Change([](Network &n) { at(n, 1, 2).expand = 1e-300; });
        QTest::newRow("most blocks") << Change([](Network &n) {
            for (int i = 0; i < 4; ++i) {
                n.stages[1].blocks.push_back(defaultBlock(BlockType::Sep));
                n.stages[1].blocks.back().repeat = 1000;
            }
            n.stages[1].blocks.push_back(defaultBlock(BlockType::Sep));
            n.stages[1].blocks.back().repeat = 92;
        });
    }

    void acceptsTheExtremes()
    {
        QFETCH(Change, change);
        Network network = sample();
        change(network);
        const Result<> result = validate(network);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message()));
    }

    void randomDesignsAreValid()
    {
        for (quint32 seed = 0; seed < 300; ++seed) {
            QRandomGenerator random(seed);
            const Result<> result = validate(test::randomNetwork(random));
            QVERIFY2(result, result ? "" : qPrintable(result.error().message()));
        }
    }

    void aBlockAloneIsJudgedWithoutItsSurroundings()
    {
        Block block = defaultBlock(BlockType::MbConv);
        QVERIFY(validate(block));
        block.kernel = 8;
        const Result<> result = validate(block);
        QVERIFY(!result);
        QVERIFY(result.error().where.isEmpty());
        QCOMPARE(result.error().what, QStringLiteral("the kernel is 8; use 1, 3, 5 or 7"));
    }

    void aFaultNamesTheKey()
    {
        Network network = sample();
        at(network, 1, 1).se = SqueezeExcite{};
        at(network, 1, 1).se->channels = 0;
        const std::optional<Fault> fault = findFault(network);
        QVERIFY(fault);
        QCOMPARE(fault->stage, 1);
        QCOMPARE(fault->block, 1);
        QCOMPARE(QByteArray(fault->key), QByteArray("se.channels"));
    }
};

QTEST_APPLESS_MAIN(TestValidate)
#include "tst_validate.moc"
