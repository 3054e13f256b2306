#include "core/analysis/prediction/factor_fit.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>

using namespace atomnet;

namespace
{

/// Networks with a known part of 40 to 100 and parts of two kernels, and the totals that the true
/// factors give.
FactorProblem problemOf(const std::vector<double> &factors, int networks, double noise,
                        quint32 seed = 1)
{
    QRandomGenerator random(seed);
    FactorProblem problem;
    problem.factors = int(factors.size());
    for (int i = 0; i < networks; ++i) {
        FactorProblem::Constraint row;
        row.known = 40 + random.bounded(60.0);
        row.total = row.known;
        for (const double factor : factors) {
            row.parts.push_back(random.bounded(20.0));
            row.total += factor * row.parts.back();
        }
        // Uniform noise of this standard deviation.
        row.total *= 1 + noise * std::sqrt(12.0) * (random.bounded(1.0) - 0.5);
        problem.constraints.push_back(row);
    }
    return problem;
}

bool close(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class TestFactorFit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exactTotalsGiveExactFactors()
    {
        const FactorSolution solution = fitFactors(problemOf({3.1, 5.6}, 6, 0));
        QVERIFY(close(solution.factors[0].value, 3.1, 1e-6));
        QVERIFY(close(solution.factors[1].value, 5.6, 1e-6));
        QVERIFY(solution.factors[0].identified && solution.factors[1].identified);
        QVERIFY(solution.factors[0].standardError > 0);
        QVERIFY(solution.noise > 0 && solution.noise <= 0.02);
    }

    /// Of many noisy problems nearly all have the truth within two standard errors.
    void standardErrorsHoldTheTruth()
    {
        int inside = 0, all = 0;
        for (quint32 seed = 1; seed <= 100; ++seed) {
            const FactorSolution solution = fitFactors(problemOf({3.1, 5.6}, 10, 0.02, seed));
            const std::array truth{3.1, 5.6};
            for (std::size_t p = 0; p < 2; ++p) {
                ++all;
                const Factor &factor = solution.factors[p];
                QVERIFY(factor.identified);
                inside += close(factor.value, truth[p], 2 * factor.standardError);
            }
        }
        QVERIFY2(inside > 0.8 * all && inside < all, qPrintable(QString::number(inside)));
    }

    void outlierIsTold_data()
    {
        QTest::addColumn<double>("by");
        QTest::newRow("10 % less") << 0.9;
        QTest::newRow("20 % more") << 1.2;
        QTest::newRow("three times") << 3.0;
    }
    void outlierIsTold()
    {
        QFETCH(double, by);
        for (quint32 seed = 1; seed <= 20; ++seed) {
            FactorProblem problem = problemOf({3.1}, 7, 0.005, seed);
            problem.constraints[3].total *= by;
            const FactorSolution solution = fitFactors(problem);
            for (std::size_t i = 0; i < 7; ++i)
                QCOMPARE(solution.outlier[i], i == 3);
            QVERIFY2(close(solution.factors[0].value, 3.1, 0.25),
                     qPrintable(QString::number(solution.factors[0].value)));
        }
    }

    /// With as many constraints as factors, or one more, nobody can say which one is wrong.
    void fewConstraintsHaveNoOutliers()
    {
        FactorProblem problem = problemOf({3.1}, 2, 0);
        problem.constraints[1].total *= 2;
        const FactorSolution solution = fitFactors(problem);
        QVERIFY(!solution.outlier[0] && !solution.outlier[1]);
        QVERIFY(solution.noise > 0.05);
    }

    void proportionalPartsAreNotToldApart()
    {
        FactorProblem problem = problemOf({3, 5, 2}, 8, 0.01);
        for (FactorProblem::Constraint &row : problem.constraints) {
            row.total += 5 * (row.parts[0] / 4 - row.parts[1]);
            row.parts[1] = row.parts[0] / 4;
        }
        const FactorSolution solution = fitFactors(problem);
        QVERIFY(!solution.factors[0].identified);
        QVERIFY(!solution.factors[1].identified);
        QVERIFY(solution.factors[2].identified);
        QCOMPARE(solution.factors[0].collinearWith, (std::vector<int>{0, 1}));
        QCOMPARE(solution.factors[1].collinearWith, (std::vector<int>{1, 0}));
        QVERIFY(solution.factors[2].collinearWith.empty());
        QVERIFY(close(solution.factors[2].value, 2, 0.3));
        // Their sum is known all the same.
        for (std::size_t i = 0; i < solution.fitted.size(); ++i)
            QVERIFY(close(solution.fitted[i] / problem.constraints[i].total, 1, 0.05));
    }

    void nearlyProportionalPartsAreNotToldApartEither()
    {
        FactorProblem problem = problemOf({3, 5}, 8, 0.01);
        for (std::size_t i = 0; i < problem.constraints.size(); ++i) {
            FactorProblem::Constraint &row = problem.constraints[i];
            const double part = row.parts[0] / 4 * (1 + (i % 2 == 0 ? 0.004 : -0.004));
            row.total += 5 * (part - row.parts[1]);
            row.parts[1] = part;
        }
        const FactorSolution solution = fitFactors(problem);
        QVERIFY(!solution.factors[0].identified);
        QVERIFY(!solution.factors[1].identified);
        QCOMPARE(solution.factors[0].collinearWith, (std::vector<int>{0, 1}));
    }

    void threeThatSumUpAreNotToldApart()
    {
        FactorProblem problem = problemOf({3, 5, 2}, 9, 0);
        for (FactorProblem::Constraint &row : problem.constraints) {
            row.total += 2 * (row.parts[0] + row.parts[1] - row.parts[2]);
            row.parts[2] = row.parts[0] + row.parts[1];
        }
        const FactorSolution solution = fitFactors(problem);
        for (int p = 0; p < 3; ++p) {
            QVERIFY(!solution.factors[std::size_t(p)].identified);
            QCOMPARE(solution.factors[std::size_t(p)].collinearWith.size(), std::size_t(3));
        }
    }

    void absentFactorHasNoData()
    {
        FactorProblem problem = problemOf({3, 0}, 5, 0);
        for (FactorProblem::Constraint &row : problem.constraints)
            row.parts[1] = 0;
        const FactorSolution solution = fitFactors(problem);
        QVERIFY(solution.factors[0].identified);
        QVERIFY(!solution.factors[1].identified);
        QCOMPARE(solution.factors[1].collinearWith, std::vector<int>{1});
        QCOMPARE(solution.factors[1].value, 0.0);
    }

    /// Totals below what is known leave nothing for a factor.
    void contradictionIsNoFactor()
    {
        FactorProblem problem = problemOf({3}, 5, 0);
        for (FactorProblem::Constraint &row : problem.constraints)
            row.total = row.known * 0.8;
        QVERIFY(!fitFactors(problem).factors[0].identified);
    }

    void uncertainConstraintsCountLess()
    {
        FactorProblem problem = problemOf({3}, 2, 0);
        problem.constraints[0].parts[0] = problem.constraints[1].parts[0] = 10;
        problem.constraints[0].total = problem.constraints[0].known + 30;
        problem.constraints[1].total = problem.constraints[1].known + 40;
        const double even = fitFactors(problem).factors[0].value;
        problem.constraints[1].uncertainty = 0.2;
        const double trusting = fitFactors(problem).factors[0].value;
        QVERIFY(even > 3.3 && trusting < 3.01);
    }

    void nothingAtAll()
    {
        const FactorSolution none = fitFactors({});
        QVERIFY(none.factors.empty() && none.fitted.empty());
        FactorProblem problem;
        problem.factors = 1;
        const FactorSolution solution = fitFactors(problem);
        QVERIFY(!solution.factors[0].identified);
        QCOMPARE(solution.factors[0].collinearWith, std::vector<int>{0});
    }

    void knownNetworksAloneTellOutliers()
    {
        FactorProblem problem;
        for (const double share : {1.0, 1.005, 0.99, 1.1, 1.002})
            problem.constraints.push_back({100, 100 * share, 0, {}});
        const FactorSolution solution = fitFactors(problem);
        QCOMPARE(solution.outlier, (std::vector<bool>{false, false, false, true, false}));
    }
};

QTEST_GUILESS_MAIN(TestFactorFit)
#include "tst_factor_fit.moc"
