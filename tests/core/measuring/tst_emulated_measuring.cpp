#include "core/analysis/knowledge.h"
#include "core/device/measuring_queue.h"
#include "core/measuring/design_plan.h"
#include "core/model/design_file.h"
#include "core/model/presets.h"

#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

Network designOf(const QString &name)
{
    if (const Preset *preset = presetById(name)) return preset->network;
    return valueOf(loadDesign(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/") + name)).network;
}

} // namespace

/// The firmware in QEMU, as a user without a board measures.
class TestEmulatedMeasuring : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("qemu-system-arm")).isEmpty())
            QSKIP("QEMU is not installed");
        if (!firmwareFile(QStringLiteral("profiler-qemu-m7.elf")))
            QSKIP("the firmware was not built: arm-none-eabi-gcc is not installed");
    }

    void aDesignTurnsMeasuredAndItsNetworkIsTheSum_data()
    {
        QTest::addColumn<QString>("board");
        QTest::addColumn<QString>("design");
        for (const QString &design :
             {QStringLiteral("digits.atomnet"), QStringLiteral("atomnet-10fps")})
            for (const QString &board : {QStringLiteral("qemu-m4"), QStringLiteral("qemu-m7")})
                QTest::addRow("%s on %s", qPrintable(design), qPrintable(board)) << board << design;
    }
    void aDesignTurnsMeasuredAndItsNetworkIsTheSum()
    {
        QFETCH(const QString, board);
        QFETCH(const QString, design);
        const Network network = designOf(design);
        const Target target{valueOf(boardById(board)), Runtime::AtomNet1, 0, 0};
        const QTemporaryDir folder;
        AtomDb db = valueOf(AtomDb::open(folder.filePath(QStringLiteral("db.sqlite"))));
        LinkResult<Session> session =
            Session::open(makeLink({DeviceAddress::Kind::Emulator, board, 0, {}}));
        QVERIFY2(session, session ? "" : qPrintable(session.error().what));
        QCOMPARE(session->info().board, board);
        QVERIFY(session->info().isVirtual());

        const Report before = valueOf(analyze(network, target, Knowledge{}));
        QCOMPARE(before.measuredLayers, 0);
        const MeasurePlan plan = valueOf(planFor(network, before));
        const MeasureSummary summary = valueOf(measure(*session, plan, db, {}, {}));
        QCOMPARE(summary.measured, int(plan.items.size()));

        const RunCondition condition = session->info().condition();
        const auto table =
            std::make_shared<const AtomTable>(valueOf(db.table(board, condition.runtime)));
        QVERIFY(table->condition() == condition);
        const Report after = valueOf(analyze(network, target, {table, nullptr}));
        QCOMPARE(after.measuredLayers, int(after.layers.size()));
        QVERIFY(after.latency.source == Source::Measured);
        QVERIFY(after.unit == TimeUnit::Instructions);
        QVERIFY(valueOf(planFor(network, after)).items.empty());

        const NetworkComparison whole = valueOf(measureNetwork(*session, network, *table, 1));
        QVERIFY(whole.sum);
        QCOMPARE(*whole.sum, after.latency.value);
        QVERIFY2(std::abs(*whole.difference()) < 0.001,
                 qPrintable(QString::number(*whole.difference())));
        QCOMPARE(whole.steps.size(), after.layers.size());
        for (const NetworkComparison::Step &step : whole.steps) {
            QVERIFY(step.alone);
            QVERIFY2(std::abs(double(step.inNetwork - *step.alone)) <
                         50 + 0.01 * double(*step.alone),
                     qPrintable(QStringLiteral("%1: %2 in the network, %3 alone")
                                    .arg(step.layer)
                                    .arg(step.inNetwork)
                                    .arg(*step.alone)));
        }
    }

    void countsAreTheSameEveryTime()
    {
        const Network network = designOf(QStringLiteral("digits.atomnet"));
        const Target target{valueOf(boardById(QStringLiteral("qemu-m7"))), Runtime::AtomNet1, 0, 0};
        const MeasurePlan plan =
            valueOf(planFor(network, valueOf(analyze(network, target, Knowledge{}))));
        const QTemporaryDir folder;
        AtomDb db = valueOf(AtomDb::open(folder.filePath(QStringLiteral("db.sqlite"))));
        MeasureOptions again;
        again.again = true;
        std::vector<std::vector<qint64>> medians(2);
        for (std::vector<qint64> &values : medians) {
            LinkResult<Session> session = Session::open(
                makeLink({DeviceAddress::Kind::Emulator, QStringLiteral("qemu-m7"), 0, {}}));
            QVERIFY(session);
            MeasureListener listener;
            listener.finished = [&values](const MeasureOutcome &outcome) {
                values.push_back(outcome.result.median);
            };
            valueOf(measure(*session, plan, db, again, listener));
        }
        QCOMPARE(medians[0], medians[1]);
        QCOMPARE(valueOf(db.info()).samples, qint64(2 * plan.items.size()));
    }
};

QTEST_GUILESS_MAIN(TestEmulatedMeasuring)
#include "tst_emulated_measuring.moc"
