#include "app/cli/options.h"

#include <QTest>

using namespace atomnet;

namespace
{

CommandSpec spec()
{
    return {QStringLiteral("db import CSV... [options]"),
            QStringLiteral("Imports."),
            {{QStringLiteral("db"), QStringLiteral("PATH"), QStringLiteral("the AtomDB")},
             {QStringLiteral("o"), QStringLiteral("FILE"), QStringLiteral("where to")},
             {QStringLiteral("json"), {}, QStringLiteral("print JSON")}},
            1,
            2};
}

} // namespace

class TestOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void argumentsAndOptionsMayMix()
    {
        const auto parsed =
            parseCommand(spec(), {"a.csv", "--db", "x", "b.csv", "-o", "y", "--json"});
        QVERIFY(parsed);
        QCOMPARE(parsed->arguments, QStringList({"a.csv", "b.csv"}));
        QCOMPARE(parsed->value("db"), QStringLiteral("x"));
        QCOMPARE(parsed->value("o"), QStringLiteral("y"));
        QVERIFY(parsed->has("json"));
    }

    void optionsThatAreNotGivenFallBack()
    {
        const auto parsed = parseCommand(spec(), {"a.csv"});
        QVERIFY(parsed);
        QVERIFY(!parsed->has("db"));
        QCOMPARE(parsed->value("db", "otherwise"), QStringLiteral("otherwise"));
    }

    void anOptionMayBeGivenMoreThanOnce()
    {
        const auto parsed = parseCommand(spec(), {"a.csv", "--db", "x", "--db", "y"});
        QVERIFY(parsed);
        QCOMPARE(parsed->repeated.value("db"), QStringList({"x", "y"}));
        QCOMPARE(parsed->value("db"), QStringLiteral("y"));
        QVERIFY(!parsed->repeated.contains("o"));
    }

    void helpWinsOverMissingArguments()
    {
        const auto parsed = parseCommand(spec(), {"--help"});
        QVERIFY(parsed);
        QVERIFY(parsed->help);
    }

    void afterTwoDashesEverythingIsAnArgument()
    {
        const auto parsed = parseCommand(spec(), {"--", "--json"});
        QVERIFY(parsed);
        QCOMPARE(parsed->arguments, QStringList{"--json"});
        QVERIFY(!parsed->has("json"));
    }

    void wrongUsageIsToldInOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown option") << QStringList{"a", "--fast"} << "fast";
        QTest::newRow("missing value") << QStringList{"a", "--db"} << "db";
        QTest::newRow("value for a flag") << QStringList{"a", "--json=1"} << "json";
        QTest::newRow("too few") << QStringList{} << "missing";
        QTest::newRow("too many") << QStringList{"a", "b", "third"} << "third";
    }
    void wrongUsageIsToldInOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, named);
        const auto parsed = parseCommand(spec(), arguments);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::Usage);
        QCOMPARE(parsed.error().where, QStringLiteral("db import"));
        QVERIFY2(parsed.error().what.contains(named), qPrintable(parsed.error().what));
        QVERIFY(parsed.error().what.endsWith("see atomnet-designer db import --help"));
        QVERIFY(!parsed.error().what.contains('\n'));
    }

    void helpNamesEveryOption()
    {
        const QString text = helpText(spec());
        QVERIFY(text.startsWith("Usage: atomnet-designer db import CSV... [options]\n"));
        QVERIFY(text.contains("  --db PATH "));
        QVERIFY(text.contains("  -o FILE "));
        QVERIFY(text.contains("  --json "));
    }

    void byteSizes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes");
        QTest::newRow("bytes") << "65536" << qint64{65536};
        QTest::newRow("B") << "12B" << qint64{12};
        QTest::newRow("KiB") << "64KiB" << qint64{65536};
        QTest::newRow("space") << "64 KiB" << qint64{65536};
        QTest::newRow("MiB") << "1MiB" << qint64{1048576};
        QTest::newRow("zero") << "0" << qint64{0};
        QTest::newRow("negative") << "-1KiB" << qint64{-1024};
        QTest::newRow("largest") << "9223372036854775807" << std::numeric_limits<qint64>::max();
    }
    void byteSizes()
    {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        const auto parsed = parseByteSize(text, "reserve-sram");
        QVERIFY(parsed);
        QCOMPARE(*parsed, bytes);
    }

    void notASize_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"", "KiB", "12kB", "1.5KiB", "12 KB", "0x10", "nan", "1e3", "--5",
                                 "5 5", "9223372036854775808", "9007199254740992KiB",
                                 "8796093022208MiB", "-9007199254740993KiB"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void notASize()
    {
        QFETCH(QString, text);
        const auto parsed = parseByteSize(text, "reserve-sram");
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::Usage);
        QCOMPARE(parsed.error().where, QStringLiteral("--reserve-sram"));
    }
};

QTEST_APPLESS_MAIN(TestOptions)
#include "tst_options.moc"
