#include "tests/app/cli/cli_run.h"

#include <QRegularExpression>
#include <QTest>

using namespace atomnet;

class TestCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void commandsAreToldFromDesigns_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<bool>("commandLine");
        QTest::newRow("nothing") << QStringList{} << false;
        QTest::newRow("a design") << QStringList{"net.atomnet"} << false;
        QTest::newRow("a file called like a command") << QStringList{"./db"} << false;
        QTest::newRow("a command later") << QStringList{"net.atomnet", "analyze"} << false;
        QTest::newRow("Qt's own option") << QStringList{"-platform", "xcb"} << false;
        for (const char *command :
             {"analyze", "db", "boards", "presets", "--help", "-h", "--version"})
            QTest::newRow(command) << QStringList{command} << true;
        QTest::newRow("help later") << QStringList{"net.atomnet", "--help"} << true;
    }
    void commandsAreToldFromDesigns()
    {
        QFETCH(QStringList, arguments);
        QFETCH(bool, commandLine);
        QCOMPARE(isCommandLine(arguments), commandLine);
    }

    /// The names that cli.cpp knows.
    static QStringList everyCommand()
    {
        static const QRegularExpression name("name == u\"([a-z]+)\"");
        QStringList names;
        const QString source = QString::fromUtf8(readFile(ATOMNET_SOURCE_DIR "/app/cli/cli.cpp"));
        for (auto found = name.globalMatch(source); found.hasNext();)
            names << found.next().captured(1);
        return names;
    }

    void theRunScriptPassesEveryCommandOn()
    {
        const QString script = QString::fromUtf8(readFile(ATOMNET_SOURCE_DIR "/run"));
        static const QRegularExpression line("\n  (analyze[a-z| ]*) \\| -\\*\\) ;;\n");
        const auto match = line.match(script);
        QVERIFY(match.hasMatch());
        QStringList passed = match.captured(1).split(QStringLiteral(" | ")), known = everyCommand();
        QVERIFY(known.size() >= 12);
        passed.sort();
        known.sort();
        QCOMPARE(passed, known);
    }

    void helpNamesEveryCommand()
    {
        const CliRun run({"--help"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.err.isEmpty());
        for (const QString &command : everyCommand())
            QVERIFY2(run.out.contains(QStringLiteral("\n  ") + command), qPrintable(command));
        for (const char *command :
             {"analyze", "import", "info", "export", "merge", "fit", "boards", "presets"})
            QVERIFY2(run.out.contains(QLatin1String(command)), command);
    }

    void everyCommandExplainsItself_data()
    {
        QTest::addColumn<QStringList>("command");
        for (const char *command :
             {"analyze", "boards", "presets", "db import", "db info", "db export", "db merge",
              "db fit", "db rebuild", "db plan", "search", "reproduce", "lint", "measure",
              "validate", "flash", "devices", "doctor"})
            QTest::newRow(command) << QString::fromLatin1(command).split(' ');
    }
    void everyCommandExplainsItself()
    {
        QFETCH(QStringList, command);
        const CliRun run(command + QStringList{"--help"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.err.isEmpty());
        QVERIFY(run.out.startsWith("Usage: atomnet-designer " + command.join(' ')));
        for (const QString &line : run.out.split('\n'))
            QVERIFY2(line.size() <= 100, qPrintable(line));
    }

    void versionIsOneLine()
    {
        const CliRun run({"--version"});
        QCOMPARE(run.code, 0);
        static const QRegularExpression line("^atomnet-designer [0-9]+\\.[0-9]+\\.[0-9]+\n$");
        QVERIFY2(line.match(run.out).hasMatch(), qPrintable(run.out));
    }

    void wrongUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("no command") << QStringList{"frobnicate"};
        QTest::newRow("db alone") << QStringList{"db"};
        QTest::newRow("db unknown") << QStringList{"db", "drop"};
        QTest::newRow("boards with an argument") << QStringList{"boards", "all"};
        QTest::newRow("presets, unknown option") << QStringList{"presets", "--read"};
        QTest::newRow("presets, no folder") << QStringList{"presets", "--write"};
    }
    void wrongUsageExitsWithTwo()
    {
        QFETCH(QStringList, arguments);
        const CliRun run(arguments);
        QCOMPARE(run.code, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.startsWith("atomnet-designer: "), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
    }
};

QTEST_APPLESS_MAIN(TestCli)
#include "tst_cli.moc"
