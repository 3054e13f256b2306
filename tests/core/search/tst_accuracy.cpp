#include "core/model/design_file.h"
#include "core/search/evolution.h"
#include "core/search/genes.h"
#include "tests/core/search/tiny_space.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace atomnet;

namespace
{

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

/// Genes in order: input, s1 type, width, depth, kernel, expand, se, s2 the same.
Network networkOf(quint16 input, quint16 stem, const Genome &body)
{
    Genome genome{input, 0, stem, 0, 0, 0, 0};
    genome.insert(genome.end(), body.begin(), body.end());
    return Genes(tinySpace()).network(genome);
}

const QByteArray header = "resolution,s1.width,s2.type,s2.width,s2.depth,s2.kernel,s2.expand,"
                          "s2.se,accuracy,who\n";

Result<std::optional<double>> ask(const Score &score, const Network &network)
{
    return score(network, Report{});
}

} // namespace

class TestAccuracy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void tablesKnowTheirNetworks()
    {
        const QString path = m_folder->filePath(QStringLiteral("table.csv"));
        QVERIFY(writeFile(path, header + "24,16,convnext,24,2,5,3,yes,0.75,a\r\n"
                                         "\n"
                                         "16, 8 ,sep,8.0,1,3,whatever,no,0.5,b\n"
                                         "16,8,sep,8,1,3,1,no,0.5,the same"));
        const auto score = tableScore(path, tinySpace());
        QVERIFY2(score, qPrintable(score ? QString() : score.error().message()));
        QCOMPARE(ask(*score, networkOf(1, 1, {1, 2, 1, 1, 1, 1})).value(), std::optional(0.75));
        QCOMPARE(ask(*score, networkOf(0, 0, {0, 0, 0, 0, 0, 0})).value(), std::optional(0.5));
        QVERIFY(!ask(*score, networkOf(0, 0, {1, 0, 0, 0, 0, 0})).value());
        QVERIFY(!ask(*score, Network{}).value());
    }

    void wrongTablesSayWhere_data()
    {
        QTest::addColumn<QByteArray>("table");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QByteArray &table, const char *where,
                            const char *says) {
            QTest::newRow(name) << table << QString::fromLatin1(where) << QString::fromLatin1(says);
        };
        const QByteArray good = "16,8,sep,8,1,3,1,no,0.5,b\n";
        row("empty", "", ":1:1", "empty");
        row("header alone", header, ":2:1", "no network");
        row("no accuracy", "resolution\n16\n", ":1:1", "\"accuracy\" is missing");
        row("a column is missing", "resolution,accuracy\n16,1\n", ":1:1", "\"s1.width\"");
        row("a column twice", "accuracy,accuracy\n1,1\n", ":1:2", "twice");
        row("another width", header + good + "16,9,sep,8,1,3,1,no,0.5,b\n", ":3:2",
            "the space has 8, 16");
        row("another type", header + "16,8,conv,8,1,3,1,no,0.5,b\n", ":2:3", "sep, convnext");
        row("no number", header + "16,8,sep,8,1,3,1,no,good,b\n", ":2:9", "\"good\"");
        row("infinite", header + "16,8,sep,8,1,3,1,no,inf,b\n", ":2:9", "\"inf\"");
        row("NaN", header + "16,8,sep,8,1,3,1,no,nan,b\n", ":2:9", "\"nan\"");
        row("short line", header + "16,8,sep\n", ":2:4", "s2.width");
        row("quote", header + "16,\"8,sep,8\n", ":2:1", "CSV");
        row("twice", header + good + "16,8,sep,8,1,3,3,no,0.6,b\n", ":3:9", "line 2");
    }
    void wrongTablesSayWhere()
    {
        QFETCH(const QByteArray, table);
        QFETCH(const QString, where);
        QFETCH(const QString, says);
        const QString path = m_folder->filePath(QStringLiteral("table.csv"));
        QVERIFY(writeFile(path, table));
        const auto score = tableScore(path, tinySpace());
        QVERIFY(!score);
        QCOMPARE(score.error().code, ErrorCode::BadInput);
        QCOMPARE(score.error().where, path + where);
        QVERIFY2(score.error().what.contains(says), qPrintable(score.error().what));
    }

    void aTableThatIsNotThereIsSaid()
    {
        const auto score = tableScore(QStringLiteral("/nowhere/table.csv"), tinySpace());
        QVERIFY(!score);
        QCOMPARE(score.error().code, ErrorCode::Io);
    }

    void commandsGetTheDesignAndAreBelieved()
    {
        const QString kept = m_folder->filePath(QStringLiteral("design.atomnet"));
        const Network network = networkOf(0, 1, {1, 2, 1, 1, 1, 1});
        const Score score = shell("cat > " + kept.toUtf8() + "; echo ' 0.664 '; echo more");
        const auto value = ask(score, network);
        QVERIFY2(value, qPrintable(value ? QString() : value.error().message()));
        QCOMPARE(*value, std::optional(0.664));
        const auto design = loadDesign(kept);
        QVERIFY(design && sameDesign(design->network, network));
        // Without a line's end, and without reading the design.
        QCOMPARE(ask(shell("printf -- -1e3"), network).value(), std::optional(-1000.0));
    }

    void badCommandsAreQuoted_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QStringList>("says");
        const auto row = [](const char *name, const QByteArray &script, const QStringList &says) {
            QTest::newRow(name) << script << says;
        };
        row("crash", "echo bad weights >&2; kill -SEGV $$", {"crashed", "bad weights"});
        row("exit code", "echo 'no module\nnamed torch' >&2; exit 7",
            {"exit code 7", "no module named torch"});
        row("rubbish", "echo hello world", {"one finite number", "hello world"});
        row("rubbish behind", "echo 0.5 percent", {"one finite number", "0.5 percent"});
        row("nothing", "true", {"one finite number", "said nothing"});
        row("NaN", "echo nan", {"one finite number", "nan"});
        row("infinite", "echo -inf", {"one finite number", "-inf"});
        row("too large", "echo 1e999", {"one finite number", "1e999"});
        row("second line", "echo; echo 0.5", {"one finite number"});
        row("bytes", "printf '\\001\\377\\033[31m'", {"one finite number", "?"});
        row("hangs", "echo thinking; exec sleep 60", {"stopped after 0.4 s", "thinking"});
        row("hangs in a child", "sleep 60; echo 1", {"stopped after 0.4 s"});
        row("ignores the wish to end", "trap '' TERM INT HUP; sleep 60; sleep 60",
            {"stopped after"});
        row("says too much", "yes 0.5", {"1 MiB", "0.5"});
        row("says one long line", "exec cat /dev/zero", {"1 MiB"});
        row("complains too much", "yes oh >&2", {"stopped after", "oh"});
    }
    void badCommandsAreQuoted()
    {
        QFETCH(const QByteArray, script);
        QFETCH(const QStringList, says);
        QElapsedTimer clock;
        clock.start();
        const auto value = ask(shell(script, says.first().startsWith(u"stopped") ? 400 : 20000),
                               networkOf(0, 0, {0, 0, 0, 0, 0, 0}));
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::Device);
        for (const QString &text : says)
            QVERIFY2(value.error().what.contains(text), qPrintable(value.error().what));
        QVERIFY(value.error().what.size() < 400);
        QVERIFY(!value.error().what.contains(u'\n'));
        QVERIFY(clock.elapsed() < 15000);
    }

    void nothingOfACommandStaysBehind_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::newRow("after the timeout") << QByteArray("wait");
        QTest::newRow("after its end") << QByteArray("echo 1");
    }
    void nothingOfACommandStaysBehind()
    {
        QFETCH(const QByteArray, end);
        const QString note = m_folder->filePath(QStringLiteral("child"));
        const Score score = shell("sleep 60 & echo $! > " + note.toUtf8() + "; " + end, 400);
        QCOMPARE(ask(score, networkOf(0, 0, {0, 0, 0, 0, 0, 0})).has_value(), end != "wait");
        QFile file(note);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const int child = file.readAll().trimmed().toInt();
        QVERIFY(child > 0);
        // Whoever inherits it may take a while to notice that it is dead.
        QTRY_VERIFY(::kill(child, 0) != 0 || isZombie(child));
    }

    void commandsThatAreNotThereAreSaid()
    {
        const auto value = ask(commandScore(QStringLiteral("/nowhere/score"), {}, 1000),
                               networkOf(0, 0, {0, 0, 0, 0, 0, 0}));
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::Device);
        QVERIFY2(value.error().message().contains(u"/nowhere/score"),
                 qPrintable(value.error().message()));
    }

    void commandsEndWhenTheSearchIsStopped()
    {
        int asked = 0;
        const RunControl control{[&asked] { return ++asked > 3; }, {}};
        QElapsedTimer clock;
        clock.start();
        const Score score =
            commandScore(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("sleep 60")},
                         60000, control);
        const auto value = ask(score, networkOf(0, 0, {0, 0, 0, 0, 0, 0}));
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::Cancelled);
        QVERIFY(clock.elapsed() < 5000);
    }

private:
    static Score shell(const QByteArray &script, int timeoutMs = 10000)
    {
        return commandScore(QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromUtf8(script)},
                            timeoutMs);
    }
    static bool isZombie(int process)
    {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
        return stat.open(QIODevice::ReadOnly) && stat.readAll().contains(") Z ");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestAccuracy)
#include "tst_accuracy.moc"
