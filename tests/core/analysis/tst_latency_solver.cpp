#include "core/analysis/latency_solver.h"

#include <QRandomGenerator>
#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

/// Rows of the given columns with the targets that `truth` gives.
Samples exact(int count, const std::vector<double> &truth, quint32 seed)
{
    QRandomGenerator random(seed);
    Samples samples;
    samples.columns = int(truth.size());
    for (int i = 0; i < count; ++i) {
        for (std::size_t c = 0; c < truth.size(); ++c)
            samples.rows.push_back(c == 0 ? 1 : std::pow(10.0, double(random.bounded(6.0))));
        samples.targets.push_back(dot(samples.row(i), truth));
    }
    return samples;
}

void compare(const std::vector<double> &found, const std::vector<double> &truth, double tolerance)
{
    QCOMPARE(found.size(), truth.size());
    for (std::size_t i = 0; i < truth.size(); ++i)
        QVERIFY2(std::abs(found[i] - truth[i]) <= tolerance * std::max(1e-3, truth[i]),
                 qPrintable(QStringLiteral("%1: %2, not %3").arg(i).arg(found[i]).arg(truth[i])));
}

} // namespace

class TestLatencySolver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recoversTheLawOfExactData()
    {
        const std::vector<double> truth{1500, 94.5, 0.25, 3e-2};
        compare(fitRelative(exact(200, truth, 1)), truth, 1e-6);
    }

    void leavesUselessColumnsAtZero()
    {
        const std::vector<double> truth{1000, 0, 7, 0, 0.5};
        compare(fitRelative(exact(300, truth, 2)), truth, 1e-6);
    }

    void aNegativeLawEndsAtZeroNotBelow()
    {
        Samples samples = exact(300, {5e6, 10, 0}, 3);
        for (int i = 0; i < samples.count(); ++i)
            samples.targets[std::size_t(i)] -= 0.9 * samples.row(i)[2];
        const std::vector<double> found = fitRelative(samples);
        for (const double coefficient : found)
            QVERIFY(coefficient >= 0);
        QCOMPARE(found[2], 0.0);
        QVERIFY(found[0] > 0 && found[1] > 0);
    }

    void ofEqualColumnsTheFirstIsUsed()
    {
        Samples samples;
        samples.columns = 3;
        for (int i = 1; i <= 20; ++i) {
            samples.rows.insert(samples.rows.end(), {1000, double(i), 1});
            samples.targets.push_back(35000 + 4.0 * i);
        }
        compare(fitRelative(samples), {35, 4, 0}, 1e-6);
    }

    void zeroColumnsDoNoHarm()
    {
        Samples samples;
        samples.columns = 2;
        for (int i = 1; i <= 20; ++i) {
            samples.rows.insert(samples.rows.end(), {0, double(i)});
            samples.targets.push_back(3.0 * i);
        }
        compare(fitRelative(samples), {0, 3}, 1e-9);
    }

    void aFewOtherwiseBehavingSamplesDoNotBendTheLaw()
    {
        const std::vector<double> truth{2000, 5, 0.5};
        Samples samples = exact(400, truth, 5);
        for (int i = 0; i < samples.count(); i += 8)
            samples.targets[std::size_t(i)] *= 1.4;
        compare(fitRelative(samples), truth, 0.02);
    }

    /// Small and large operators count alike: the error of both is relative.
    void fitsSmallAndLargeAlike()
    {
        Samples samples;
        samples.columns = 1;
        for (int i = 0; i < 100; ++i) {
            const double size = std::pow(10, i % 8);
            samples.rows.push_back(size);
            samples.targets.push_back(size * (i % 2 ? 1.1 : 0.9));
        }
        const double found = fitRelative(samples).front();
        QVERIFY(found > 0.89 && found < 1.11);
        samples.targets.back() *= 1.5; // the largest one alone cannot pull it along
        QVERIFY(std::abs(fitRelative(samples).front() - found) < 0.03);
    }

    void noSamplesGiveNothing() { QVERIFY(fitRelative({}).empty()); }
};

QTEST_APPLESS_MAIN(TestLatencySolver)
#include "tst_latency_solver.moc"
