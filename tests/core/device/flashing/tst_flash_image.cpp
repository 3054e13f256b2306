#include "core/device/device_address.h"
#include "core/device/flashing/flash_image.h"
#include "core/device/flashing/probe.h"
#include "tests/core/device/flashing/example_images.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

constexpr qint64 flashBytes = 1024 * 1024;

} // namespace

class TestFlashImage : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString file(const QByteArray &bytes)
    {
        const QString path = m_folder.filePath("image.bin");
        QFile opened(path);
        if (!opened.open(QIODevice::WriteOnly) || opened.write(bytes) != bytes.size())
            qFatal("cannot write");
        return path;
    }
    Error refusal(const QByteArray &bytes)
    {
        const auto image = readImage(file(bytes), flashBytes);
        return image ? Error{ErrorCode::Usage, "taken", {}} : image.error();
    }

private Q_SLOTS:
    void whatIsOnABoardIsToldApart()
    {
        const auto told = [](QByteArray flash) {
            flash.append(erasedFlash(lookBytes - flash.size()));
            return toString(contentsOf(flash));
        };
        QCOMPARE(told({}), QString("nothing"));
        QCOMPARE(told(exampleProfiler()), QString("the AtomNet profiler"));
        QCOMPARE(told(exampleProfiler(lookBytes)), QString("the AtomNet profiler"));
        QCOMPARE(told(exampleProgram(42 * 1024)), QString("another program (42 KiB)"));
        QCOMPARE(told(exampleProgram(42 * 1024 + 1)), QString("another program (43 KiB)"));
        QCOMPARE(told(QByteArray(1, 'x')), QString("another program (1 KiB)"));
        QCOMPARE(told(exampleProgram(lookBytes)), QString("another program (64 KiB or more)"));
        QCOMPARE(told(QByteArray(1024, '\0')), QString("another program (1 KiB)"));
    }

    void aLargeProfilerIsKnownByTheBeginningOfItsConstants()
    {
        const QByteArray flash = exampleProfiler(70 * 1024).left(lookBytes);
        QCOMPARE(contentsOf(flash).what, FlashContents::What::Profiler);
        QVERIFY(contentsOf(flash).atLeast);
    }

    void goodImagesAreTakenAsTheyAre()
    {
        const QByteArray program = exampleProgram(5001);
        QCOMPARE(*readImage(file(program), flashBytes), program);
        QCOMPARE(readImage(file(exampleProgram(flashBytes)), flashBytes)->size(), flashBytes);
        QByteArray itcm = program; // an F7 program linked for the other address of Flash
        qToLittleEndian<quint32>(0x00200195, itcm.data() + 4);
        QVERIFY(readImage(file(itcm), flashBytes));
        QByteArray axi = program;
        qToLittleEndian<quint32>(0x24080000, axi.data());
        QVERIFY(readImage(file(axi), flashBytes));
    }

    void badImagesAreRefusedWithTheReason()
    {
        QCOMPARE(refusal({}).code, ErrorCode::BadInput);
        QVERIFY(refusal({}).what.contains("empty"));
        QVERIFY(refusal("\x7f"
                        "ELF" +
                        exampleProgram(100))
                    .what.contains(".bin"));
        QVERIFY(refusal(exampleProgram(flashBytes + 1)).what.contains("1024 KiB"));
        for (const auto &[at, word] : {std::pair<int, quint32>{0, 0x08000000}, // stack in Flash
                                       {0, 0x20040002},                        // not aligned
                                       {0, 0xffffffff},
                                       {4, 0x08000194}, // no Thumb
                                       {4, 0x08100001}, // behind Flash
                                       {4, 0x20000001}}) {
            QByteArray image = exampleProgram(1000);
            qToLittleEndian<quint32>(word, image.data() + at);
            QCOMPARE(refusal(image).code, ErrorCode::BadInput);
            QVERIFY(refusal(image).what.contains("no raw image"));
        }
        QCOMPARE(refusal("seven b").code, ErrorCode::BadInput);
        QCOMPARE(refusal(erasedFlash(4096)).code, ErrorCode::BadInput);
    }

    void backupsMayHoldAnything()
    {
        QVERIFY(readImage(file(erasedFlash(flashBytes)), flashBytes, true));
        QVERIFY(!readImage(file(erasedFlash(flashBytes + 1)), flashBytes, true));
        QVERIFY(!readImage(file({}), flashBytes, true));
    }

    void ourOwnImagesAreTakenAndKnown_data()
    {
        QTest::addColumn<QString>("id");
        for (const BoardVariant &variant : boardVariants())
            QTest::newRow(qPrintable(variant.id)) << variant.id;
    }
    void ourOwnImagesAreTakenAndKnown()
    {
        QFETCH(QString, id);
        const BoardVariant variant = *boardVariant(id);
        const auto found = firmwareFile(variant.image);
        if (!found) QSKIP("the firmware images are not built here");
        const auto image = readImage(*found, variant.flashBytes);
        QVERIFY2(image, qPrintable(image ? QString() : image.error().message()));
        QVERIFY(isProfiler(*image));
        QVERIFY(isProfiler(image->left(lookBytes))); // what is read of a board to see what it holds
    }

    void missingFilesAreTold()
    {
        const auto image = readImage(m_folder.filePath("none.bin"), flashBytes);
        QCOMPARE(image.error().code, ErrorCode::Io);
        QVERIFY(image.error().where.endsWith("none.bin"));
    }
};

QTEST_APPLESS_MAIN(TestFlashImage)
#include "tst_flash_image.moc"
