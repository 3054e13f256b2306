#include "core/analysis/latency_model.h"
#include "core/atomdb/atom_db.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <functional>

using namespace atomnet;

// The model that ships against the measurements that its authors published; skipped where those are
// not at hand.
class TestLatencyPublished : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QString folder = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");
        const QString operators = folder + QStringLiteral("atomdb.csv");
        const QString modules = folder + QStringLiteral("atomdb_se.csv");
        if (!QFile::exists(operators) || !QFile::exists(modules))
            QSKIP("the published AtomDB is not beside the checkout");
        QVERIFY(m_folder.isValid());
        Result<AtomDb> db = AtomDb::open(m_folder.filePath(QStringLiteral("db.sqlite")));
        QVERIFY(db);
        for (const QString &file : {operators, modules}) {
            const Result<ImportReport> report = db->importCsv(file, AtomDb::xCubeAiH743());
            QVERIFY2(report, qPrintable(report ? QString() : report.error().message()));
        }
        Result<AtomTable> table =
            db->table(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(table);
        m_table = *std::move(table);
        QVERIFY(m_table.rows().size() > 12'000);
    }

    /// The shipped file is the linear fit of these data, byte for byte: trees would tell too much of
    /// data that are not ours.
    void theShippedModelIsTheFitOfThePublishedData()
    {
        const Result<LatencyModel> fitted = fitLinearModel(m_table);
        QVERIFY(fitted);
        const QString name =
            QStringLiteral(ATOMNET_SOURCE_DIR "/resources/models/stm32h743-x-cube-ai-7.2.json");
        QFile file(name);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray written = writeLatencyModel(*fitted);
        const QString built = m_folder.filePath(QStringLiteral("fitted.json"));
        QFile out(built);
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(written) == written.size());
        out.close();
        const bool equal = file.readAll() == written;
        if (!equal) m_folder.setAutoRemove(false);
        QVERIFY2(equal, qPrintable(name + QStringLiteral(" differs from ") + built));
        const auto shipped =
            shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(shipped);
        QCOMPARE(writeLatencyModel(*shipped), written);
    }

    /// Within the seen range, of all measured operators of a kind about nine in ten lie in their
    /// interval. (They took part in the fit, which has so few parameters that it shows little.)
    void intervalsHoldNineOfTenMeasuredOperators()
    {
        const auto model =
            shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(model);
        for (const KindModel &kind : model->kinds) {
            if (kind.derivedFrom) continue;
            const Coverage seen = coverage(*model, kind.kind, [](const AtomKey &) { return true; });
            QCOMPARE(seen.keys, kind.keys);
            QCOMPARE(seen.extrapolated, 0);
            QVERIFY2(seen.inside > 0.88,
                     qPrintable(toString(kind.kind) + QString::number(seen.inside)));
        }
    }

    /// Fitted without the largest maps, or without the widest layers, the model still tells the
    /// latency of those within the interval that it then states.
    void extrapolationKeepsItsPromise_data()
    {
        QTest::addColumn<bool>("maps");
        QTest::addColumn<int>("limit");
        QTest::newRow("maps above 28x28") << true << 28;
        QTest::newRow("more than 160 channels") << false << 160;
    }
    void extrapolationKeepsItsPromise()
    {
        QFETCH(bool, maps);
        QFETCH(int, limit);
        const auto known = [&](const AtomKey &key) {
            return maps ? key.outH <= limit : key.inC <= limit && key.outC <= limit;
        };
        std::vector<AtomTable::Row> rows;
        for (const AtomTable::Row &row : m_table.rows())
            if (known(row.key)) rows.push_back(row);
        const Result<LatencyModel> model =
            fitLatencyModel(AtomTable(m_table.condition(), m_table.unit(), std::move(rows)));
        QVERIFY(model);
        for (const AtomKind kind : {AtomKind::Depthwise, AtomKind::Pointwise, AtomKind::Pad,
                                    AtomKind::Add, AtomKind::Scale, AtomKind::SqueezeExcite}) {
            const Coverage beyond = coverage(*model, kind, std::not_fn(known));
            QVERIFY(beyond.keys > 30);
            QVERIFY2(beyond.inside > 0.88,
                     qPrintable(toString(kind) + QString::number(beyond.inside)));
            QVERIFY2(beyond.meanError < 0.1,
                     qPrintable(toString(kind) + QString::number(beyond.meanError)));
        }
    }

private:
    struct Coverage {
        int keys = 0;
        int extrapolated = 0;
        double inside = 0; ///< share within the interval
        double meanError = 0;
    };

    Coverage coverage(const LatencyModel &model, AtomKind kind,
                      const std::function<bool(const AtomKey &)> &wanted) const
    {
        Coverage result;
        for (const AtomTable::Row &row : m_table.rows()) {
            if (row.key.kind != kind || !wanted(row.key)) continue;
            const std::optional<Estimate> found = estimate(model, row.key);
            if (!found) continue;
            ++result.keys;
            result.extrapolated += found->extrapolated;
            result.inside += row.stats.median >= found->low && row.stats.median <= found->high;
            result.meanError += std::abs(double(found->value) / double(row.stats.median) - 1);
        }
        result.inside /= std::max(result.keys, 1);
        result.meanError /= std::max(result.keys, 1);
        return result;
    }

    QTemporaryDir m_folder;
    AtomTable m_table;
};

QTEST_GUILESS_MAIN(TestLatencyPublished)
#include "tst_latency_published.moc"
