#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

// The program itself, as scripts run it: exit codes, streams, and no display.
class TestMain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_environment = QProcessEnvironment::systemEnvironment();
        for (const char *display : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            m_environment.remove(display);
        m_environment.insert("XDG_DATA_HOME", m_folder.path());
    }

    void commandsNeedNoDisplay()
    {
        QProcess process;
        run(process, {"analyze", "atomnet-256kb", "--json"});
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(process.readAllStandardError(), QByteArray());
        const QJsonObject report =
            QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QCOMPARE(report.value("board").toString(), QStringLiteral("stm32h743"));
    }

    void failuresReachTheShell_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("over budget")
            << QStringList{"analyze", "atomnet-256kb", "--check", "--reserve-sram", "512KiB"} << 1;
        QTest::newRow("usage") << QStringList{"analyze"} << 2;
        QTest::newRow("bad input") << QStringList{"analyze", "no-such-design"} << 3;
    }
    void failuresReachTheShell()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QProcess process;
        run(process, arguments);
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), code);
        QVERIFY(process.readAllStandardError().startsWith("atomnet-designer: "));
    }

    void aFullDiskIsNotSuccess()
    {
        QProcess process;
        process.setStandardOutputFile(QStringLiteral("/dev/full"));
        run(process, {"boards"});
        QCOMPARE(process.exitCode(), 3);
        QVERIFY(process.readAllStandardError().contains("written"));
    }

    void dataLiesInTheXdgFolder()
    {
        const QString csv = m_folder.filePath("one.csv");
        QFile file(csv);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,"
                   "latency,MACs/latency\n"
                   "conv2d,PointWise,1,8,10,10,1,1,16,10,10,12816,192,0.1,\n");
        file.close();
        QProcess process;
        run(process, {"db", "import", csv});
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(QFile::exists(m_folder.filePath("atomnet-designer/atomdb.sqlite")));
    }

private:
    void run(QProcess &process, const QStringList &arguments)
    {
        process.setProcessEnvironment(m_environment);
        process.start(QStringLiteral(ATOMNET_DESIGNER), arguments);
        QVERIFY(process.waitForFinished(120'000));
    }

    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
};

QTEST_GUILESS_MAIN(TestMain)
#include "tst_main.moc"
