#include "core/device/measure_plan.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QTest>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

/// Every operator of a published network, in its own place.
MeasurePlan examplePlan(const QString &preset)
{
    MeasurePlan plan;
    plan.name = QStringLiteral("net \"é\"");
    plan.board = QStringLiteral("stm32h743");
    plan.kernelHash = 0x0a1b2c3d;
    double weight = 0.1;
    for (const Atom &atom : valueOf(lower(presetById(preset)->network, Runtime::AtomNet1)).atoms) {
        plan.items.push_back(
            {atom.key, ownPlace(atom.key), weight, QStringLiteral("s%1").arg(weight)});
        weight *= 1.5;
    }
    return plan;
}

const QByteArray oneItem =
    R"({"format":"atomnet-plan","version":1,"name":"n","board":"","kernels":"0a1b2c3d",)"
    "\n"
    R"( "items":[)"
    "\n"
    R"(  {"kind":"pointwise","in":[4,4,8],"out":[4,4,16],"act":"relu","variant":1,"inputs":[0],"output":256,"scratch":1024,"weight":2.5,"layer":"s1"}]})"
    "\n";

} // namespace

class TestMeasurePlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readingGivesWhatWasWritten()
    {
        for (const Preset &preset : presets()) {
            const MeasurePlan plan = sorted(examplePlan(preset.id));
            const QByteArray json = writePlan(plan);
            const MeasurePlan read = valueOf(readPlan(json, QStringLiteral("p.atomplan")));
            QVERIFY(read == plan);
            QCOMPARE(writePlan(read), json);
        }
    }

    void theFormatIsStable()
    {
        const MeasurePlan plan = valueOf(readPlan(oneItem, QStringLiteral("p")));
        QCOMPARE(plan.items.size(), std::size_t(1));
        QCOMPARE(plan.items[0].weight, 2.5);
        QCOMPARE(plan.items[0].place.output, qint64(256));
        QCOMPARE(plan.kernelHash, 0x0a1b2c3dU);
        QCOMPARE(writePlan(plan), oneItem);
    }

    void heavyOnesComeFirstAndEachKeyOnce()
    {
        MeasurePlan plan = examplePlan(QStringLiteral("atomnet-256kb"));
        const MeasurePlan once = sorted(plan);
        for (PlanItem item : once.items) {
            item.weight /= 2;
            item.layer = QStringLiteral("again");
            plan.items.push_back(item);
        }
        QVERIFY(sorted(plan) == once);
        QVERIFY(std::is_sorted(
            once.items.begin(), once.items.end(),
            [](const PlanItem &a, const PlanItem &b) { return a.weight > b.weight; }));
        std::reverse(plan.items.begin(), plan.items.end());
        QVERIFY(sorted(plan) == once);
    }

    void errorsSayWhere_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("what");
        const auto row = [](const char *name, const char *before, const char *after,
                            const char *where, const char *what) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after)
                                << QString::fromLatin1(where) << QString::fromLatin1(what);
        };
        row("another file", "atomnet-plan", "atomnet-design", "p:1:11", "no measuring plan");
        row("older", R"("version":1)", R"("version":0)", "p:1:36", "no file version 0");
        row("kernels", "0a1b2c3d", "0a1b2c3", "p:1:70", "8 hex digits");
        row("no hex", "0a1b2c3d", "0a1b2c3g", "p:1:70", "8 hex digits");
        row("kind", "pointwise", "pointless", "p:3:11", "\"kind\" is none");
        row("activation", R"("relu")", "7", "p:3:57", "\"act\" is none");
        row("shape", "[4,4,8]", "[4,4]", "p:3:28", "array of 3 whole numbers");
        row("fraction", "[4,4,8]", "[4,4,8.5]", "p:3:33", "whole numbers from 0");
        row("negative", "[4,4,8]", "[4,-4,8]", "p:3:31", "whole numbers from 0");
        row("variant", R"("variant":1)", R"("variant":70000)", "p:3:74", "between 0 and 65535");
        row("no kernel's", R"("variant":1)", R"("variant":3)", "p:3:3", "packing");
        row("odd address", R"("output":256)", R"("output":255)", "p:3:3", "multiple of 4");
        row("lacks inputs", R"("inputs":[0],)", "", "p:3:3", "lacks \"inputs\"");
        row("weight", "2.5", "-2.5", "p:3:3", "\"weight\"");
        row("no JSON", "}]}", "}]", "p:4:1", "");
    }
    void errorsSayWhere()
    {
        QFETCH(const QByteArray, before);
        QFETCH(const QByteArray, after);
        QFETCH(const QString, where);
        QFETCH(const QString, what);
        QByteArray json = oneItem;
        QVERIFY(json.contains(before));
        const auto plan = readPlan(json.replace(before, after), QStringLiteral("p"));
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, ErrorCode::BadInput);
        QVERIFY2(plan.error().what.contains(what), qPrintable(plan.error().what));
        QCOMPARE(plan.error().where, where);
    }

    void laterVersionsAskForALaterDesigner()
    {
        QByteArray json = oneItem;
        const auto plan = readPlan(json.replace("\"version\":1", "\"version\":2"), {});
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, ErrorCode::NewerFile);
    }

    void damagedFilesAreRefusedOrRead()
    {
        // Every byte in turn replaced by each of a few: never a crash, and what is read can be
        // written.
        for (qsizetype i = 0; i < oneItem.size(); ++i)
            for (const char c : {'\0', '"', '9', '-', ']', '\xFF'}) {
                QByteArray json = oneItem;
                json[i] = c;
                if (const auto plan = readPlan(json, {}))
                    QVERIFY(valueOf(readPlan(writePlan(*plan), {})) == *plan);
            }
    }
};

QTEST_APPLESS_MAIN(TestMeasurePlan)
#include "tst_measure_plan.moc"
