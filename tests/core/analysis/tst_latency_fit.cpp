#include "core/analysis/latency_model.h"
#include "latency_examples.h"

#include <QRandomGenerator>
#include <QtTest>

#include <cmath>

using namespace atomnet;

class TestLatencyFit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recoversAKnownLaw()
    {
        const Result<LatencyModel> model = fitLatencyModel(pointwiseTable(400, 1, simpleLaw));
        QVERIFY(model);
        QCOMPARE(model->board, QStringLiteral("board"));
        QCOMPARE(model->runtime, QStringLiteral("runtime"));
        QCOMPARE(model->clockHz, qint64(400'000'000));
        QCOMPARE(model->kinds.size(), std::size_t(1));
        const KindModel &kind = model->kinds.front();
        QVERIFY(kind.kind == AtomKind::Pointwise);
        QCOMPARE(kind.keys, 400);
        QVERIFY(kind.cvMeanError < 1e-3);
        QVERIFY(kind.cvMedianError < 1e-3);
        for (std::size_t i = 0; i < kind.features.size(); ++i) {
            const double found = kind.coefficients[i];
            if (kind.features[i] == Feature::One) QVERIFY(std::abs(found - 1800) < 20);
            if (kind.features[i] == Feature::OutValues) QVERIFY(std::abs(found - 30) < 0.1);
            if (kind.features[i] == Feature::Macs) QVERIFY(std::abs(found - 2) < 0.01);
        }
        const AtomTable unseen = pointwiseTable(100, 2, simpleLaw);
        for (const AtomTable::Row &row : unseen.rows()) {
            const std::optional<Estimate> found = estimate(*model, row.key);
            QVERIFY(found);
            QVERIFY(std::abs(double(found->value) / double(row.stats.median) - 1) < 1e-3);
        }
    }

    /// The interval is a promise: of operators that the fit has not seen, about 90 % lie inside.
    void intervalsHoldNineOfTenUnseenOperators()
    {
        QRandomGenerator noise(11);
        const auto noisy = [&](const AtomKey &key) {
            return simpleLaw(key) * (1 + 0.3 * (noise.generateDouble() - 0.5));
        };
        const Result<LatencyModel> model = fitLatencyModel(pointwiseTable(1000, 3, noisy));
        QVERIFY(model);
        QVERIFY(std::abs(model->kinds.front().cvMeanError - 0.075) < 0.01);
        int inside = 0, all = 0;
        const AtomTable unseen = pointwiseTable(4000, 4, noisy);
        for (const AtomTable::Row &row : unseen.rows()) {
            const std::optional<Estimate> found = estimate(*model, row.key);
            QVERIFY(found);
            if (found->extrapolated) continue;
            ++all;
            inside += row.stats.median >= found->low && row.stats.median <= found->high;
        }
        QVERIFY(all > 3000);
        const double share = double(inside) / all;
        QVERIFY2(share > 0.86 && share < 0.94, qPrintable(QString::number(share)));
    }

    /// Where small maps scatter more, their intervals are wider and those of large maps are not.
    void intervalsFollowTheSizeOfTheMap()
    {
        QRandomGenerator noise(12);
        const auto noisy = [&](const AtomKey &key) {
            return simpleLaw(key) *
                   (1 + (key.outH < 17 ? 0.6 : 0.06) * (noise.generateDouble() - 0.5));
        };
        const Result<LatencyModel> model = fitLatencyModel(pointwiseTable(2000, 5, noisy));
        QVERIFY(model);
        const std::optional<Estimate> small = estimate(*model, pointwise(12, 96, 96));
        const std::optional<Estimate> large = estimate(*model, pointwise(40, 96, 96));
        QVERIFY(small && large && !small->extrapolated && !large->extrapolated);
        const auto width = [](const Estimate &e) {
            return double(e.high - e.low) / 2 / double(e.value);
        };
        QVERIFY(width(*small) > 0.2 && width(*small) < 0.36);
        QVERIFY(width(*large) > 0.015 && width(*large) < 0.06);
    }

    void theOrderOfTheRowsDoesNotMatter()
    {
        QRandomGenerator noise(13);
        const AtomTable table = pointwiseTable(300, 6, [&](const AtomKey &key) {
            return simpleLaw(key) * (1 + 0.2 * noise.generateDouble());
        });
        std::vector<AtomTable::Row> reversed(table.rows().rbegin(), table.rows().rend());
        const AtomTable other(table.condition(), table.unit(), std::move(reversed));
        const Result<LatencyModel> a = fitLatencyModel(table), b = fitLatencyModel(other);
        QVERIFY(a && b);
        QCOMPARE(writeLatencyModel(*a), writeLatencyModel(*b));
    }

    void otherDataHaveAnotherFingerprint()
    {
        const Result<LatencyModel> a = fitLatencyModel(pointwiseTable(50, 7, simpleLaw));
        const Result<LatencyModel> b = fitLatencyModel(pointwiseTable(50, 8, simpleLaw));
        QVERIFY(a && b);
        QCOMPARE(a->fingerprint.size(), qsizetype(16));
        QVERIFY(a->fingerprint != b->fingerprint);
    }

    void fewOperatorsGiveNoModel()
    {
        QVERIFY(fitLatencyModel(pointwiseTable(8, 9, simpleLaw)));
        const Result<LatencyModel> seven = fitLatencyModel(pointwiseTable(7, 9, simpleLaw));
        QVERIFY(!seven);
        QCOMPARE(seven.error().code, ErrorCode::BadInput);
        QVERIFY(seven.error().what.contains(QStringLiteral("import measurements first")));
        QVERIFY(!fitLatencyModel(AtomTable()));
    }

    void impossibleRowsAreLeftOut()
    {
        AtomTable table = pointwiseTable(40, 10, simpleLaw);
        const Result<LatencyModel> clean = fitLatencyModel(table);
        std::vector<AtomTable::Row> rows = table.rows();
        AtomKey nothing;
        nothing.kind = AtomKind::Pointwise;
        nothing.inC = 0;
        rows.push_back({nothing, {100, 100, 100, 1}});
        rows.push_back({pointwise(3, 3, 3), {0, 0, 0, 1}});
        const Result<LatencyModel> both =
            fitLatencyModel(AtomTable(table.condition(), table.unit(), std::move(rows)));
        QVERIFY(clean && both);
        QCOMPARE(both->kinds, clean->kinds);
    }
};

QTEST_APPLESS_MAIN(TestLatencyFit)
#include "tst_latency_fit.moc"
