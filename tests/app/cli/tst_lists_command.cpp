#include "core/model/board.h"
#include "core/model/presets.h"
#include "tests/app/cli/cli_run.h"

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

class TestListsCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void boardsAreListed()
    {
        const CliRun run({"boards"});
        QCOMPARE(run.code, 0);
        QVERIFY(!boards().empty());
        for (const Board &board : boards())
            QVERIFY2(run.out.contains('\n' + board.id + ' '), qPrintable(board.id));
    }

    void boardsAsJson()
    {
        const CliRun run({"boards", "--json"});
        QCOMPARE(run.code, 0);
        const QJsonArray list = run.json().array();
        QCOMPARE(std::size_t(list.size()), boards().size());
        for (qsizetype i = 0; i < list.size(); ++i) {
            const Board &board = boards()[std::size_t(i)];
            const QJsonObject object = list.at(i).toObject();
            QCOMPARE(object.value("id").toString(), board.id);
            QCOMPARE(object.value("sram_bytes").toInteger(), board.sramBytes);
            QCOMPARE(object.value("flash_bytes").toInteger(), board.flashBytes);
            QCOMPARE(object.value("clock_hz").isNull(), board.isVirtual);
            QCOMPARE(object.value("virtual").toBool(), board.isVirtual);
        }
    }

    void presetsAreListed()
    {
        const CliRun run({"presets"});
        QCOMPARE(run.code, 0);
        QCOMPARE(presets().size(), std::size_t(8));
        for (const Preset &preset : presets())
            QVERIFY2(run.out.contains('\n' + preset.id + ' '), qPrintable(preset.id));
    }

    void presetsAsJsonTellWhatThePaperReports()
    {
        const CliRun run({"presets", "--json"});
        QCOMPARE(run.code, 0);
        const QJsonObject first = run.json().array().first().toObject();
        QCOMPARE(first.value("id").toString(), QStringLiteral("atomnet-256kb"));
        QCOMPARE(first.value("input").toArray(), QJsonArray({160, 160, 3}));
        QCOMPARE(first.value("reported").toObject().value("latency_ms").toDouble(), 275.0);
        QVERIFY(!first.contains("file"));
    }

    void writtenPresetsCanBeAnalysed()
    {
        QTemporaryDir folder;
        useDataFolder(folder.path());
        const QString target = folder.filePath("new/designs");
        const CliRun run({"presets", "--write", target});
        QCOMPARE(run.code, 0);
        QCOMPARE(QDir(target).entryList(QDir::Files).size(), 8);
        for (const Preset &preset : presets()) {
            const QString file = target + '/' + preset.id + ".atomnet";
            QVERIFY2(run.out.contains(file + '\n'), qPrintable(run.out));
            const CliRun fromFile({"analyze", file, "--json"});
            QCOMPARE(fromFile.code, 0);
            QCOMPARE(fromFile.out, CliRun({"analyze", preset.id, "--json"}).out);
        }
    }

    void writingPresetsTwiceChangesNothing()
    {
        QTemporaryDir folder;
        QCOMPARE(CliRun({"presets", "--write", folder.path()}).code, 0);
        const CliRun again({"presets", "--write", folder.path(), "--json"});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.json().array().first().toObject().value("file").toString(),
                 folder.filePath("atomnet-256kb.atomnet"));
    }

    void aChangedDesignIsNotOverwritten()
    {
        QTemporaryDir folder;
        const QString mine = folder.filePath("atomnet-5fps.atomnet");
        QVERIFY(writeFile(mine, "my own work"));
        const CliRun run({"presets", "--write", folder.path()});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.contains("atomnet-5fps.atomnet"));
        QCOMPARE(readFile(mine), QByteArray("my own work"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    }

    void aFolderThatCannotBeMadeIsTold()
    {
        QTemporaryDir folder;
        QVERIFY(writeFile(folder.filePath("file"), "x"));
        const CliRun run({"presets", "--write", folder.filePath("file/below")});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.contains("file/below"));
        QVERIFY(run.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestListsCommand)
#include "tst_lists_command.moc"
