// A real kernel meets the driver, and the command line measures through it: libusb, kernel, xHCI
// and usbredir down to the driver's registers. Boots once; what came over the serial line is then
// looked at.
#include <QtTest>

#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

class TestLinuxGuest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void kernelReadsTheDescriptors();
    void kernelReadsTheStrings();
    void commandLineListsTheBoard();
    void commandLineMeasuresADesign();
    void whatWasMeasuredStays();
    void driverBrokeNoRule();

private:
    bool makeInitramfs(const QString &guest);
    bool boot(const QString &guest);
    bool waitFor(QProcess &process, QByteArray &log, const QByteArray &marker, int milliseconds);
    QString value(const QString &name) const;            // of a line "GUEST name=value"
    QJsonDocument json(const QByteArray &command) const; // what it printed

    QTemporaryDir m_folder;
    QByteArray m_serial, m_bridge;
    int m_bridgeCode = -1;
};

static const auto design = R"({"format":"atomnet-design","version":1,"name":"guest",
 "input":{"height":8,"width":8,"channels":3},
 "stages":[{"name":"s","blocks":[{"type":"conv","out":8,"kernel":3,"stride":2,"act":"relu"},
                                 {"type":"sep","out":8,"kernel":3,"stride":1,"act":"relu"}]}],
 "head":{"conv":null,"pool":"avg","hidden":null,"classes":4}}
)";

static bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

// Commands run one after the other, each between two markers.
static QByteArray commands(const QString &design)
{
    QByteArray script = "export HOME=/run TMPDIR=/run XDG_RUNTIME_DIR=/run LC_ALL=C.UTF-8\n";
    const auto add = [&](const QByteArray &name, const QByteArray &arguments) {
        script +=
            "echo 'GUEST begin " + name + "'\n" + DESIGNER + " " + arguments + " 2>/run/errors\n" +
            "code=$?\n[ $code = 0 ] || cat /run/errors\necho \"GUEST end " + name + " $code\"\n";
    };
    const QByteArray measure =
        "measure " + design.toUtf8() + " --device usb --db /run/atoms.db --json";
    add("devices", "devices --json");
    add("measure", measure + " --network");
    add("again", measure);
    return script;
}

bool TestLinuxGuest::makeInitramfs(const QString &guest)
{
    const QString root = m_folder.filePath("root");
    const QString modules =
        QDir(guest + "/lib/modules").entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0);
    if (!QDir().mkpath(root + "/lib/modules") ||
        !write(m_folder.filePath("guest.atomnet"), design) ||
        !write(root + "/commands", commands(m_folder.filePath("guest.atomnet"))) ||
        !QFile::copy(QStandardPaths::findExecutable("busybox"), root + "/busybox") ||
        !QFile::copy(ATOMNET_SOURCE_DIR "/tests/firmware/usb/guest_init.sh", root + "/init")) {
        return false;
    }
    QFile(root + "/init").setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QProcess shell;
    shell.setWorkingDirectory(root);
    shell.start("sh", {"-c", QString("cp -r '%1/lib/modules/%2' lib/modules/ && find . | cpio "
                                     "--quiet -o -H newc > ../initramfs")
                                 .arg(guest, modules)});
    return shell.waitForFinished() && shell.exitCode() == 0;
}

bool TestLinuxGuest::waitFor(QProcess &process, QByteArray &log, const QByteArray &marker,
                             int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (!log.contains(marker)) {
        const qint64 left = milliseconds - timer.elapsed();
        if (left <= 0) return false;
        const bool more = process.waitForReadyRead(static_cast<int>(left));
        log += process.readAll();
        if (!more && process.state() == QProcess::NotRunning) return log.contains(marker);
    }
    return true;
}

// True when the guest came up; then it also ran to its end, or its time is over.
bool TestLinuxGuest::boot(const QString &guest)
{
    m_serial.clear();
    m_bridge.clear();
    QProcess bridge, qemu;
    const QString socket = m_folder.filePath("usb");
    bridge.setProcessChannelMode(QProcess::MergedChannels);
    bridge.start(DWC2_REDIR, {socket, PROFILER});
    if (!waitFor(bridge, m_bridge, "listening", 10000)) return false;
    qemu.setProcessChannelMode(QProcess::MergedChannels);
    qemu.start("qemu-system-x86_64",
               {"-accel",
                "tcg",
                "-m",
                "512",
                "-nographic",
                "-nodefaults",
                "-no-reboot",
                "-serial",
                "stdio",
                "-kernel",
                QDir(guest + "/boot").entryInfoList({"vmlinuz-*"}).value(0).filePath(),
                "-initrd",
                m_folder.filePath("initramfs"),
                "-append",
                "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off tsc=reliable rdinit=/init",
                "-virtfs",
                "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
                "-device",
                "qemu-xhci",
                "-chardev",
                "socket,id=usb,path=" + socket,
                "-device",
                "usb-redir,chardev=usb"});
    const bool booted = waitFor(qemu, m_serial, "GUEST booted", 80000);
    if (booted) waitFor(qemu, m_serial, "GUEST done", 120000);
    if (booted) qemu.waitForFinished(10000); // it switches itself off
    qemu.kill();
    qemu.waitForFinished();
    bridge.waitForFinished(10000); // it ends when its cable is pulled
    if (bridge.state() != QProcess::NotRunning) bridge.kill();
    bridge.waitForFinished();
    m_bridge += bridge.readAll();
    m_bridgeCode = bridge.exitStatus() == QProcess::NormalExit ? bridge.exitCode() : -1;
    return booted;
}

void TestLinuxGuest::initTestCase()
{
    const QString guest = QString(ATOMNET_SOURCE_DIR) + "/build/guest";
    if (!QFile::exists(guest + "/complete"))
        QSKIP("There is no kernel for a guest; ./check fetches one");
    for (const char *program : {"qemu-system-x86_64", "busybox", "cpio"}) {
        if (QStandardPaths::findExecutable(program).isEmpty())
            QSKIP(qPrintable(QString("%1 is not installed").arg(program)));
    }
    QVERIFY(makeInitramfs(guest));
    if (!boot(guest))
        QVERIFY2(boot(guest), m_serial.right(2000)); // one retry, and of booting alone
    QVERIFY2(m_serial.contains("GUEST done"), m_serial.right(4000));
    QVERIFY2(!m_serial.contains("GUEST failed"), m_serial.right(4000));
}

QString TestLinuxGuest::value(const QString &name) const
{
    const QStringList lines = QString::fromUtf8(m_serial).split('\n');
    for (const QString &line : lines) {
        if (line.startsWith("GUEST " + name + "=")) return line.mid(name.size() + 7).trimmed();
    }
    return "(none)";
}

QJsonDocument TestLinuxGuest::json(const QByteArray &command) const
{
    const qsizetype marker = m_serial.indexOf("GUEST begin " + command);
    const qsizetype begin = m_serial.indexOf('\n', marker),
                    end = m_serial.indexOf("GUEST end " + command, marker);
    return marker < 0 || end < 0 ? QJsonDocument()
                                 : QJsonDocument::fromJson(m_serial.mid(begin, end - begin));
}

void TestLinuxGuest::kernelReadsTheDescriptors()
{
    QCOMPARE(value("idVendor"), "1209");
    QCOMPARE(value("idProduct"), "0001");
    QCOMPARE(value("speed"), "12");
    QCOMPARE(value("version"), "2.01");
    QCOMPARE(value("bMaxPacketSize0"), "64");
    QCOMPARE(value("bNumConfigurations"), "1");
    QCOMPARE(value("bConfigurationValue"), "1");
    QCOMPARE(value("bMaxPower"), "100mA");
    QCOMPARE(value("bNumInterfaces"), "1");
    QCOMPARE(value("class"), "ff");
    QVERIFY(m_serial.contains("GUEST endpoint=01 Bulk 0040"));
    QVERIFY(m_serial.contains("GUEST endpoint=81 Bulk 0040"));
    QCOMPARE(value("descriptors"), "120101020000004009120100000101020301"
                                   "0902200001010080320904000002ff00000007050102400000"
                                   "07058102400000");
}

void TestLinuxGuest::kernelReadsTheStrings()
{
    QCOMPARE(value("manufacturer"), "AtomNet Designer");
    QCOMPARE(value("product"), "AtomNet profiler model");
    QCOMPARE(value("serial"), "A70A0E700102030405060708");
}

void TestLinuxGuest::commandLineListsTheBoard()
{
    QVERIFY2(m_serial.contains("GUEST end devices 0"), m_serial.right(4000));
    QJsonArray onUsb; // where QEMU is installed, the virtual boards are listed too
    for (const QJsonValue one : json("devices").array())
        if (one["what"].toString() != "virtual board") onUsb.append(one);
    QCOMPARE(onUsb.size(), 1);
    QCOMPARE(onUsb.at(0)["what"].toString(), "profiler");
    QCOMPARE(onUsb.at(0)["serial"].toString(), "A70A0E700102030405060708");
    QCOMPARE(onUsb.at(0)["problem"], QJsonValue());
}

// Each output's CRC was compared with what the guest computes itself: a byte that USB lost or
// changed would show.
void TestLinuxGuest::commandLineMeasuresADesign()
{
    QVERIFY2(m_serial.contains("GUEST end measure 0"), m_serial.right(4000));
    const QJsonValue run = json("measure")["devices"][0]["runs"][0];
    QCOMPARE(run["planned"].toInt(), 5);
    QCOMPARE(run["measured"].toInt(), 5);
    QVERIFY(run["network"]["value"].toInt() > 0);
    QStringList kinds;
    const QJsonArray operators = run["operators"].toArray();
    for (const QJsonValue &one : operators) {
        QCOMPARE(one["outcome"].toString(), "measured");
        QVERIFY(one["median"].toInt() > 0);
        kinds << one["kind"].toString();
    }
    kinds.sort();
    QCOMPARE(kinds, (QStringList{"conv", "depthwise", "fully_connected", "mean", "pointwise"}));
}

void TestLinuxGuest::whatWasMeasuredStays()
{
    QVERIFY2(m_serial.contains("GUEST end again 0"), m_serial.right(4000));
    const QJsonValue run = json("again")["devices"][0]["runs"][0];
    QVERIFY(run.isObject());
    QCOMPARE(run["measured"].toInt(), 0);
}

void TestLinuxGuest::driverBrokeNoRule()
{
    QCOMPARE(m_bridgeCode, 0);
    QVERIFY2(m_bridge.contains("\nclean"), m_bridge);
}

QTEST_GUILESS_MAIN(TestLinuxGuest)
#include "tst_linux_guest.moc"
