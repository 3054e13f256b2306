#include "../latency_examples.h"
#include "core/analysis/latency_model.h"
#include "core/analysis/prediction/model_validation.h"
#include "core/atomdb/atom_db.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace atomnet;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool watched = true; // by sanitizers: a few kinds must do
#else
constexpr bool watched = false;
#endif

// What the models promise, held against operators that they have not seen: those of the published
// AtomDB, where it is at hand.
class TestModelValidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPerfectLawIsPredictedPerfectly()
    {
        const auto kinds = validateKinds(pointwiseTable(200, 1, simpleLaw));
        QCOMPARE(kinds.size(), std::size_t(1));
        QVERIFY(kinds[0].kind == AtomKind::Pointwise);
        QCOMPARE(kinds[0].keys, 200);
        QVERIFY(kinds[0].meanError < 1e-3 && kinds[0].groupMeanError < 1e-2);
        QVERIFY(kinds[0].coverage > 0.85);
    }

    void fewOperatorsAreNotValidated()
    {
        QVERIFY(validateKinds(pointwiseTable(7, 1, simpleLaw)).empty());
        QVERIFY(validateKinds(AtomTable()).empty());
    }

    void cancellingGivesNothing()
    {
        RunControl control;
        int asked = 0;
        control.isCancelled = [&] { return ++asked > 20; };
        QVERIFY(validateKinds(pointwiseTable(300, 1, simpleLaw), control).empty());
        QVERIFY(asked < 200);
    }

    void thePublishedOperatorsArePredicted_data()
    {
        QTest::addColumn<AtomKind>("kind");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("median");
        QTest::addColumn<double>("group");
        QTest::addColumn<double>("halfWidth");
        QTest::newRow("depthwise") << AtomKind::Depthwise << 0.004 << 0.004 << 0.009 << 0.01;
        QTest::newRow("conv") << AtomKind::Conv << 0.007 << 0.007 << 0.1 << 0.02;
        QTest::newRow("pointwise") << AtomKind::Pointwise << 0.030 << 0.006 << 0.042 << 0.025;
        QTest::newRow("pad") << AtomKind::Pad << 0.028 << 0.01 << 0.037 << 0.025;
    }
    void thePublishedOperatorsArePredicted()
    {
        QFETCH(AtomKind, kind);
        QFETCH(double, mean);
        QFETCH(double, median);
        QFETCH(double, group);
        QFETCH(double, halfWidth);
        const QString folder = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");
        if (!QFile::exists(folder + QStringLiteral("atomdb.csv")))
            QSKIP("the published AtomDB is not beside the checkout");
        if (watched && (kind == AtomKind::Pointwise || kind == AtomKind::Pad))
            QSKIP("too slow where sanitizers watch; depthwise and conv stand for it");
        if (m_kinds.empty()) validate(folder);
        const auto found =
            std::find_if(m_kinds.begin(), m_kinds.end(),
                         [&](const KindValidation &each) { return each.kind == kind; });
        QVERIFY(found != m_kinds.end());
        const auto atMost = [](const char *what, double value, double most) {
            if (value > most) qWarning("%s: %g above %g", what, value, most);
            return value <= most;
        };
        QVERIFY(atMost("mean", found->meanError, mean));
        QVERIFY(atMost("median", found->medianError, median));
        QVERIFY(atMost("groups held out", found->groupMeanError, group));
        QVERIFY(atMost("half-width", found->medianHalfWidth, halfWidth));
        const bool many = found->keys >= 1000;
        QVERIFY2(found->coverage >= (many ? 0.88 : 0.85) && found->coverage <= (many ? 0.92 : 0.98),
                 qPrintable(QString::number(found->coverage)));
        if (many) {
            QVERIFY(found->narrowCoverage >= 0.85);
            QVERIFY(found->wideCoverage >= 0.85);
        }
    }

private:
    void validate(const QString &folder)
    {
        QTemporaryDir temporary;
        Result<AtomDb> db = AtomDb::open(temporary.filePath(QStringLiteral("db.sqlite")));
        QVERIFY(db);
        QVERIFY(db->importCsv(folder + QStringLiteral("atomdb.csv"), AtomDb::xCubeAiH743()));
        const auto table = db->table(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(table);
        std::vector<AtomTable::Row> rows;
        for (const AtomTable::Row &row : table->rows())
            if (row.key.kind == AtomKind::Conv || row.key.kind == AtomKind::Depthwise ||
                (!watched &&
                 (row.key.kind == AtomKind::Pointwise || row.key.kind == AtomKind::Pad)))
                rows.push_back(row);
        m_kinds = validateKinds(AtomTable(table->condition(), table->unit(), std::move(rows)));
    }

    std::vector<KindValidation> m_kinds;
};

QTEST_GUILESS_MAIN(TestModelValidation)
#include "tst_model_validation.moc"
