#include "core/inference/runner.h"

#include "core/model/presets.h"
#include "core/quant/forward.h"
#include "tests/core/inference/quantised_example.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

/// Every step on buffers of its own: nothing overlaps anything. Returns all outputs by graph
/// tensor.
Result<std::vector<std::vector<qint8>>> runApart(const Example &e, const Program &program,
                                                 const std::vector<qint8> &input)
{
    Runner runner(program);
    std::vector<std::vector<qint8>> tensors(e.graph.tensors.size());
    tensors.front() = input;
    for (std::size_t i = 0; i < e.graph.atoms.size(); ++i) {
        const Atom &atom = e.graph.atoms[i];
        const auto inputOf = [&](std::size_t k) {
            return atom.inputs[k] < 0
                       ? std::span<const qint8>()
                       : std::span<const qint8>(tensors[std::size_t(atom.inputs[k])]);
        };
        auto output = runner.runStep(int(i), inputOf(0), inputOf(1));
        if (!output) return tl::make_unexpected(output.error());
        tensors[std::size_t(atom.output)] = *std::move(output);
    }
    return tensors;
}

/// As published networks are: gates open and close (hsigmoid), and nothing is clamped at 6, which
/// costs all of int8 where seeded weights give values near 0.
Network ordinary(Network network)
{
    for (Stage &stage : network.stages)
        for (Block &block : stage.blocks) {
            if (block.act == Activation::Relu6) block.act = Activation::Relu;
            if (!block.se) continue;
            block.se->act = Activation::Relu;
            block.se->gate = Activation::HSigmoid;
        }
    return network;
}

/// A program of one addition, made by hand.
Program oneAdd()
{
    Program program;
    Step step;
    step.atom = 0;
    step.name = QStringLiteral("s1.1.add");
    step.call = AddCall{8, 1 << 15, 1 << 15, 1 << 15, 16}; // the mean of both
    step.inputOffsets = {0, 8};
    step.outputOffset = 16;
    step.outputBytes = 8;
    program.steps = {step};
    program.arenaBytes = 24;
    program.inputBytes = 16;
    program.outputOffset = 16;
    program.outputBytes = 8;
    return program;
}

} // namespace

class TestRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePlansOverlapsChangeNothing_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<Network>("network");
        QTest::newRow("every block") << 0u << everyBlock();
        QTest::newRow("atomnet-256kb")
            << 1u << presetById(QStringLiteral("atomnet-256kb"))->network;
        QTest::newRow("atomnet-10fps")
            << 2u << presetById(QStringLiteral("atomnet-10fps"))->network;
        for (quint32 seed = 1; seed <= 150; ++seed) {
            QRandomGenerator random(seed);
            QTest::addRow("%u", seed) << seed << smallNetwork(random);
        }
    }
    void thePlansOverlapsChangeNothing()
    {
        QFETCH(quint32, seed);
        QFETCH(Network, network);
        QRandomGenerator random(seed);
        const Example e = arbitraryExample(network, random);
        QCOMPARE(planProblem(e.graph, e.plan), QString());
        const Program program = programOf(e);
        Runner runner(program);
        for (int sample = 0; sample < 2; ++sample) {
            const auto input = int8Sample(e, sample);
            const auto apart = runApart(e, program, input);
            QVERIFY2(apart, qPrintable(apart ? QString() : apart.error().message()));
            std::vector<qint8> output(std::size_t(program.outputBytes));
            QStringList different;
            const auto ran =
                runner.run(input, output, [&](const Step &step, std::span<const qint8> tapped) {
                    const int tensor = e.graph.atoms[std::size_t(step.atom)].output;
                    const auto &expected = (*apart)[std::size_t(tensor)];
                    if (!std::equal(tapped.begin(), tapped.end(), expected.begin(), expected.end()))
                        different << step.name;
                });
            QVERIFY2(ran, qPrintable(ran ? QString() : ran.error().message()));
            QVERIFY2(different.isEmpty(), qPrintable(different.join(' ')));
            QCOMPARE(output, apart->back());
        }
    }

    void int8IsCloseToFloat()
    {
        std::vector<double> logitsDb;
        for (quint32 seed = 1; seed <= 40; ++seed) {
            QRandomGenerator random(seed);
            const Example e = quantisedExample(ordinary(smallNetwork(random)), seed);
            const Program program = programOf(e);
            Runner runner(program);
            const FloatForward forward(e.graph, e.weights);
            double signal = 0, noise = 0;
            for (int sample = 0; sample < e.samples->count(); ++sample) {
                const auto expected = forward.run(*e.samples->sample(sample));
                std::vector<qint8> output(std::size_t(program.outputBytes));
                QVERIFY(runner.run(int8Sample(e, sample), output));
                for (std::size_t i = 0; i < output.size(); ++i) {
                    signal += double(expected[i]) * double(expected[i]);
                    noise +=
                        std::pow(double(expected[i] - dequantise(output[i], program.output)), 2);
                }
            }
            logitsDb.push_back(noise > 0 ? 10 * std::log10(signal / noise) : 120);
        }
        std::sort(logitsDb.begin(), logitsDb.end());
        QVERIFY2(logitsDb.front() > 20, qPrintable(QString::number(logitsDb.front())));
        QVERIFY2(logitsDb[logitsDb.size() / 2] > 35,
                 qPrintable(QString::number(logitsDb[logitsDb.size() / 2])));
    }

    void twoRunsAreEqual()
    {
        const Example e = quantisedExample(everyBlock());
        const Program program = programOf(e);
        Runner runner(program);
        std::vector<qint8> first(std::size_t(program.outputBytes)), between = first, again = first;
        QVERIFY(runner.run(int8Sample(e, 0), first));
        QVERIFY(runner.run(int8Sample(e, 1), between)); // leaves other bytes in the arena
        QVERIFY(runner.run(int8Sample(e, 0), again));
        QCOMPARE(again, first);
        QVERIFY(between != first);
    }

    void softmaxSumsToOne()
    {
        const Example e = quantisedExample(everyBlock());
        const Program program = programOf(e, {true}), logits = programOf(e);
        Runner runner(program), plain(logits);
        for (int sample = 0; sample < e.samples->count(); ++sample) {
            std::vector<qint8> probabilities(std::size_t(program.outputBytes)),
                before = probabilities;
            QVERIFY(runner.run(int8Sample(e, sample), probabilities));
            QVERIFY(plain.run(int8Sample(e, sample), before));
            const int sum = std::accumulate(probabilities.begin(), probabilities.end(),
                                            128 * int(probabilities.size()));
            QVERIFY2(std::abs(sum - 256) <= int(probabilities.size() + 1) / 2,
                     qPrintable(QString::number(sum)));
            double total = 0;
            for (const qint8 logit : before)
                total += std::exp(double(dequantise(logit, logits.output)));
            for (std::size_t i = 0; i < before.size(); ++i) {
                const double expected =
                    std::exp(double(dequantise(before[i], logits.output))) / total;
                QVERIFY(std::abs(double(dequantise(probabilities[i], program.output)) - expected) <=
                        1.0 / 256);
            }
        }
    }

    void tapsSeeEveryStepInOrder()
    {
        const Example e = quantisedExample(everyBlock());
        const Program program = programOf(e, {true});
        Runner runner(program);
        QStringList seen;
        std::vector<qint8> output(std::size_t(program.outputBytes)), last;
        QVERIFY(runner.run(int8Sample(e, 0), output,
                           [&](const Step &step, std::span<const qint8> tapped) {
                               seen << step.name;
                               last.assign(tapped.begin(), tapped.end());
                           }));
        QCOMPARE(seen, e.layerNames + QStringList{"softmax"});
        QCOMPARE(last, output);
    }

    void aHandMadeProgramRuns()
    {
        const Program program = oneAdd();
        Runner runner(program);
        const std::vector<qint8> input{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 127};
        std::vector<qint8> output(8);
        QVERIFY(runner.run(input, output));
        QCOMPARE(output, (std::vector<qint8>{6, 7, 8, 9, 10, 11, 12, 68})); // 67.5 rounds up
        const auto step = runner.runStep(0, std::span(input).first(8), std::span(input).last(8));
        QVERIFY(step);
        QCOMPARE(*step, output);
    }

    void aKernelThatRefusesIsNamed()
    {
        Program program = oneAdd();
        std::get<AddCall>(program.steps.front().call).count = 0;
        std::vector<qint8> input(16), output(8);
        const auto ran = Runner(program).run(input, output);
        QVERIFY(!ran);
        QCOMPARE(ran.error().code, ErrorCode::Device);
        QCOMPARE(ran.error().where, QStringLiteral("s1.1.add"));
        QVERIFY(ran.error().what.contains("shape"));
    }

    void aWriteBeyondTheArenaIsFound()
    {
        Program program = oneAdd();
        program.arenaBytes = 20; // the last four outputs lie behind it
        std::vector<qint8> input(16, 3), output(8);
        const auto ran = Runner(program).run(input, output);
        QVERIFY(!ran);
        QCOMPARE(ran.error().code, ErrorCode::Device);
        QVERIFY(ran.error().what.contains("beyond the arena"));
    }
};

QTEST_APPLESS_MAIN(TestRunner)
#include "tst_runner.moc"
