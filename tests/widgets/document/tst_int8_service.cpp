#include "core/lowering/lower.h"
#include "core/model/design_file.h"
#include "core/model/presets.h"
#include "widgets/document/int8_service.h"

#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

/// Export, quantisation and evaluation as the window asks for them.
class TestInt8Service : public QObject
{
    Q_OBJECT

    Network m_network;

    static constexpr int patience = 60'000;

private Q_SLOTS:
    void initTestCase()
    {
        const auto design =
            loadDesign(QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/digits.atomnet"));
        QVERIFY(design.has_value());
        m_network = design->network;
    }

    void quantisingTellsTheNoiseOfEveryLayer()
    {
        Int8Service service;
        std::shared_ptr<const QuantisationResult> result;
        connect(&service, &Int8Service::quantized, this, [&](const auto &made) { result = made; });
        QSignalSpy finished(&service, &Int8Service::finished),
            progress(&service, &Int8Service::progress);
        service.quantize(m_network, {});
        QVERIFY(service.busy());
        QVERIFY(finished.wait(patience));
        QVERIFY(!service.busy());
        QVERIFY(result);
        QCOMPARE(result->layers.size(), lower(m_network, Runtime::AtomNet1)->atoms.size());
        QVERIFY(sameDesign(result->network, m_network));
        QVERIFY(!result->trained);
        QCOMPARE(result->samples, sqnrSamples);
        QVERIFY(result->arenaBytes > 0);
        QVERIFY(!progress.isEmpty());
    }

    void exportingWritesTheFile()
    {
        const QTemporaryDir folder;
        Int8Service service;
        QString written;
        connect(&service, &Int8Service::exported, this,
                [&](const ExportSummary &summary) { written = summary.outputPath; });
        QSignalSpy finished(&service, &Int8Service::finished);
        ExportRequest request;
        request.format = ExportFormat::TfLite;
        request.outputPath = folder.filePath(QStringLiteral("net.tflite"));
        request.target.board = boardById(QStringLiteral("stm32h743")).value();
        service.exportDesign(m_network, request);
        QVERIFY(finished.wait(patience));
        QCOMPARE(written, request.outputPath);
        QVERIFY(QFileInfo(written).size() > 0);
    }

    void whatFailsSaysWhy()
    {
        Int8Service service;
        QString why;
        connect(&service, &Int8Service::failed, this,
                [&](const Error &error) { why = error.message(); });
        QSignalSpy finished(&service, &Int8Service::finished);
        service.evaluate(m_network, {}, QStringLiteral("/nowhere/at/all.npz"));
        QVERIFY(finished.wait(patience));
        QVERIFY2(why.contains(QStringLiteral("all.npz")), qPrintable(why));
    }

    void cancellingIsNoFailureAndLeavesNothing()
    {
        const QTemporaryDir folder;
        Int8Service service;
        int outcomes = 0;
        connect(&service, &Int8Service::failed, this, [&] { ++outcomes; });
        connect(&service, &Int8Service::exported, this, [&] { ++outcomes; });
        connect(&service, &Int8Service::quantized, this, [&] { ++outcomes; });
        QSignalSpy finished(&service, &Int8Service::finished);
        ExportRequest request;
        request.outputPath = folder.filePath(QStringLiteral("project"));
        request.target.board = boardById(QStringLiteral("stm32h743")).value();
        // Takes seconds, so that it cannot end before it is cancelled.
        service.quantize(presetById(QStringLiteral("atomnet-512kb-max"))->network, {});
        service.exportDesign(m_network, request); // waits behind it
        service.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, patience);
        QCOMPARE(outcomes, 0);
        QVERIFY(!QFileInfo::exists(request.outputPath));
        QVERIFY(!service.busy());
    }
};

QTEST_GUILESS_MAIN(TestInt8Service)
#include "tst_int8_service.moc"
