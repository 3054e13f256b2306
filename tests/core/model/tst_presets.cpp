#include "core/model/design_file.h"
#include "core/model/presets.h"
#include "core/model/validate.h"

#include <QFile>
#include <QTest>

using namespace atomnet;

namespace
{

QByteArray exampleFile(const QString &id)
{
    QFile file(QStringLiteral(ATOMNET_SOURCE_DIR "/resources/examples/%1.atomnet").arg(id));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const Network &network(const char *id)
{
    return presetById(QString::fromLatin1(id))->network;
}

} // namespace

class TestPresets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areTheEightAtomNetsInOrder()
    {
        QStringList names;
        for (const Preset &preset : presets()) {
            names << preset.network.name;
            QCOMPARE(preset.id, preset.network.name.toLower());
            QCOMPARE(presetById(preset.id), &preset);
        }
        const QString expected =
            QStringLiteral("AtomNet-256KB AtomNet-256KB-Max AtomNet-320KB AtomNet-512KB "
                           "AtomNet-512KB-Large AtomNet-512KB-Max AtomNet-10FPS AtomNet-5FPS");
        QCOMPARE(names.join(QLatin1Char(' ')), expected);
        QCOMPARE(presetById(QStringLiteral("atomnet-1mb")), nullptr);
    }

    void filesAreInCanonicalForm_data()
    {
        QTest::addColumn<QString>("id");
        for (const Preset &preset : presets())
            QTest::newRow(qPrintable(preset.id)) << preset.id;
    }

    void filesAreInCanonicalForm()
    {
        QFETCH(QString, id);
        const QByteArray bytes = exampleFile(id);
        QVERIFY(!bytes.isEmpty());
        const Result<DesignFile> design = readDesign(bytes, id);
        QVERIFY2(design, design ? "" : qPrintable(design.error().message()));
        QVERIFY(design->notes.isEmpty());
        QCOMPARE(writeDesign(design->network), bytes);
        QVERIFY(sameDesign(design->network, presetById(id)->network));
        QVERIFY(validate(design->network));
    }

    void haveThePublishedShapes_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<int>("side");
        QTest::addColumn<int>("lastSide");
        QTest::addColumn<int>("lastWidth");
        QTest::addColumn<int>("blocks");
        QTest::addColumn<int>("seBlocks");
        const auto row = [](const char *id, int side, int last, int width, int blocks, int se) {
            QTest::newRow(id) << QByteArray(id) << side << last << width << blocks << se;
        };
        row("atomnet-256kb", 160, 5, 128, 14, 10);
        row("atomnet-256kb-max", 224, 7, 144, 14, 10);
        row("atomnet-320kb", 160, 5, 160, 13, 9);
        row("atomnet-512kb", 160, 5, 192, 14, 8);
        row("atomnet-512kb-large", 224, 7, 512, 14, 8);
        row("atomnet-512kb-max", 224, 7, 512, 14, 6);
        row("atomnet-10fps", 80, 3, 144, 11, 7);
        row("atomnet-5fps", 96, 3, 320, 14, 8);
    }

    void haveThePublishedShapes()
    {
        QFETCH(QByteArray, id);
        QFETCH(int, side);
        QFETCH(int, lastSide);
        QFETCH(int, lastWidth);
        QFETCH(int, blocks);
        QFETCH(int, seBlocks);
        const Network &net = network(id.constData());
        QCOMPARE(net.input, (Shape{side, side, 3}));
        QCOMPARE(net.stages.size(), size_t{6});
        QCOMPARE(stageInput(net, 6), (Shape{lastSide, lastSide, lastWidth}));
        int count = 0, withSe = 0;
        for (const Stage &stage : net.stages) {
            for (const Block &block : stage.blocks) {
                count += block.repeat;
                withSe += block.se ? block.repeat : 0;
            }
        }
        QCOMPARE(count, blocks);
        QCOMPARE(withSe, seBlocks);
        QCOMPARE(net.head.classes, 1000);
        QVERIFY(!net.head.conv && !net.head.hidden);
    }

    void carryTheReportedFigures()
    {
        const ReportedFigures small = presetById(QStringLiteral("atomnet-320kb"))->reported;
        QCOMPARE(small.macs, std::optional<qint64>(111'000'000));
        QCOMPARE(small.sramBytes, 291'000);
        QCOMPARE(small.flashBytes, 1'010'000);
        QCOMPARE(small.latencyNs, std::optional<qint64>(352'000'000));
        const ReportedFigures vww = presetById(QStringLiteral("atomnet-10fps"))->reported;
        QVERIFY(!vww.macs && !vww.latencyNs);
        QCOMPARE(vww.sramBytes, 81'000);
        QCOMPARE(vww.flashBytes, 545'000);
    }
};

QTEST_APPLESS_MAIN(TestPresets)
#include "tst_presets.moc"
