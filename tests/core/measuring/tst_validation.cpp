#include "core/device/flashing/probe.h"
#include "core/measuring/validation.h"
#include "core/model/design_file.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QTemporaryDir>
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

Network digits()
{
    return valueOf(loadDesign(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/digits.atomnet")))
        .network;
}

/// A design whose weights do not fit a megabyte.
Network heavy()
{
    Network network = digits();
    network.head.classes = 10;
    network.head.hidden = HeadLayer{1024, Activation::Relu, {}};
    network.head.conv = HeadLayer{1024, Activation::Relu, {}};
    return network;
}

/// Two classes of images, in folders.
QString labelledImages(const QTemporaryDir &folder)
{
    for (const char *image : {"one/a.png", "one/b.png", "two/a.png"}) {
        const QString path = folder.filePath(QLatin1String(image));
        if (!QDir().mkpath(QFileInfo(path).path()) ||
            !QFile::copy(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/tiny.png"), path))
            qFatal("%s cannot be made", qPrintable(path));
    }
    return folder.path();
}

DeviceAddress emulator(const QString &board)
{
    return {DeviceAddress::Kind::Emulator, board, 0, {}};
}

} // namespace

/// Exported networks on emulated boards, and what refuses them.
class TestValidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *tool : {"qemu-system-arm", "arm-none-eabi-gcc"})
            if (QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty())
                QSKIP("QEMU or arm-none-eabi-gcc is not installed");
    }

    void everyByteOfAnExportedNetworkEqualsTheHosts_data()
    {
        QTest::addColumn<QString>("board");
        QTest::newRow("Cortex-M4") << QStringLiteral("qemu-m4");
        QTest::newRow("Cortex-M7") << QStringLiteral("qemu-m7");
    }
    void everyByteOfAnExportedNetworkEqualsTheHosts()
    {
        QFETCH(const QString, board);
        const ValidationRequest request{{}, {}, 5};
        const auto result = validateDesign(digits(), emulator(board), request);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message()));
        QCOMPARE(result->samples, 5);
        QVERIFY2(result->equal(), qPrintable(result->differences.join(QLatin1Char('\n'))));
        QCOMPARE(result->differingBytes, 0);
        QCOMPARE(result->labelled, 0);
        QCOMPARE(result->unit, SampleUnit::Instructions);
        // Timing depends on no value: all samples take the same.
        QCOMPARE(result->minLatency, result->maxLatency);
        QVERIFY(result->medianLatency > 100'000);
        QVERIFY2(result->stackBytes > 200 && result->stackBytes < 2048,
                 qPrintable(QString::number(result->stackBytes)));
        QVERIFY2(result->device.contains(QLatin1String("M")), qPrintable(result->device));
    }

    void labelledImagesGiveTheAccuracyOnBoardAndHost()
    {
        const QTemporaryDir folder;
        const ValidationRequest request{{}, labelledImages(folder), 0};
        const auto result = validateDesign(digits(), emulator(QStringLiteral("qemu-m7")), request);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message()));
        QCOMPARE(result->samples, 3);
        QCOMPARE(result->labelled, 3);
        QVERIFY(result->equal());
        QCOMPARE(result->correct, result->correctOnHost);
        QVERIFY(result->correct <= 2); // one image, two classes
    }

    void aBoardWithAnotherNetworkOrNoneIsRefused()
    {
        const auto subject = validationSubject(digits(), {});
        QVERIFY(subject);
        const QTemporaryDir folder;
        const QString variant = QStringLiteral("qemu-m7");
        const auto image = buildValidationImage(digits(), *subject, {}, variant, folder.path());
        QVERIFY2(image, image ? "" : qPrintable(image.error().message()));

        DeviceAddress address = emulator(variant);
        auto plain = Session::open(makeLink(address));
        QVERIFY2(plain, plain ? "" : qPrintable(plain.error().what));
        const auto none = validateOnBoard(*plain, *subject, {});
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::BadInput);
        QVERIFY2(none.error().what.contains(QLatin1String("no network")),
                 qPrintable(none.error().what));

        QuantSource otherWeights;
        otherWeights.seed = 2;
        const auto other = validationSubject(digits(), otherWeights);
        QVERIFY(other);
        address.image = *image;
        auto session = Session::open(makeLink(address));
        QVERIFY2(session, session ? "" : qPrintable(session.error().what));
        const auto another = validateOnBoard(*session, *other, {otherWeights, {}, 1});
        QVERIFY(!another);
        QVERIFY2(another.error().what.contains(QLatin1String("another network")),
                 qPrintable(another.error().what));
        // The session goes on, with the right one.
        const auto right = validateOnBoard(*session, *subject, {{}, {}, 1});
        QVERIFY2(right && right->equal(), right ? "" : qPrintable(right.error().message()));
    }

    void aHostThatComputesSomethingElseIsFoundOut()
    {
        auto subject = validationSubject(digits(), {});
        QVERIFY(subject);
        const QTemporaryDir folder;
        const QString variant = QStringLiteral("qemu-m7");
        const auto image = buildValidationImage(digits(), *subject, {}, variant, folder.path());
        QVERIFY2(image, image ? "" : qPrintable(image.error().message()));
        DeviceAddress address = emulator(variant);
        address.image = *image;
        auto session = Session::open(makeLink(address));
        QVERIFY2(session, session ? "" : qPrintable(session.error().what));
        // As if the host's program were not the one that was exported: the classifier's zero point
        // moves by one.
        for (Step &step : subject->program.steps)
            if (auto *dense = std::get_if<DenseCall>(&step.call);
                dense && &step == &subject->program.steps.back())
                ++dense->out.zeroPoint;
        const auto result = validateOnBoard(*session, *subject, {{}, {}, 2});
        QVERIFY2(result, result ? "" : qPrintable(result.error().message()));
        QVERIFY(!result->equal());
        QCOMPARE(result->differingSamples, 2);
        QVERIFY(result->differingBytes >= 2);
        QVERIFY2(result->differences.front().startsWith(QLatin1String("sample 0, output 0: ")),
                 qPrintable(result->differences.front()));
    }

    void imagesForEveryBoardAreBuiltAndWhatIsTooLargeIsSaid()
    {
        const auto light = validationSubject(digits(), {});
        QVERIFY(light);
        qint64 constants = 0;
        for (const Constant &constant : light->program.constants)
            constants += constant.bytes.size();
        for (const BoardVariant &variant : boardVariants()) {
            const QTemporaryDir folder;
            const auto image =
                buildValidationImage(digits(), *light, {}, variant.id, folder.path());
            QVERIFY2(image, image ? "" : qPrintable(image.error().message()));
            QVERIFY(image->endsWith(QLatin1String(".bin")));
            const qint64 bytes = QFileInfo(*image).size();
            QVERIFY2(bytes > constants && bytes < variant.flashBytes, qPrintable(variant.id));
        }
        const auto tooMuch = validationSubject(heavy(), {});
        QVERIFY(tooMuch);
        const QTemporaryDir folder;
        const auto image = buildValidationImage(heavy(), *tooMuch, {},
                                                QStringLiteral("stm32f412-nucleo"), folder.path());
        QVERIFY(!image);
        QCOMPARE(image.error().code, ErrorCode::Device);
        QVERIFY2(image.error().what.contains(QLatin1String("does not fit")),
                 qPrintable(image.error().what));
    }

    void withoutACompilerItSaysWhatToInstall()
    {
        const auto subject = validationSubject(digits(), {});
        QVERIFY(subject);
        const QTemporaryDir folder;
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", folder.path().toLocal8Bit());
        const auto image =
            buildValidationImage(digits(), *subject, {}, QStringLiteral("qemu-m7"), folder.path());
        qputenv("PATH", path);
        QVERIFY(!image);
        QCOMPARE(image.error().code, ErrorCode::Device);
        QVERIFY(image.error().message().contains(QLatin1String("gcc-arm-none-eabi")));
    }

    void cancellingLeavesAtOnce()
    {
        int asked = 0;
        const RunControl control{[&asked] { return ++asked > 3; }, {}};
        const auto result =
            validateDesign(digits(), emulator(QStringLiteral("qemu-m7")), {{}, {}, 3}, control);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestValidation)
#include "tst_validation.moc"
