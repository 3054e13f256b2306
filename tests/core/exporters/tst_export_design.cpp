#include "core/exporters/export_request.h"

#include "tests/core/inference/quantised_example.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

ExportRequest requestFor(ExportFormat format, const QString &path)
{
    ExportRequest request;
    request.format = format;
    request.outputPath = path;
    request.target.board = boards().front();
    return request;
}

} // namespace

class TestExportDesign : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath("out");
    }

    void progressRisesToTheEnd_data() { formats(); }
    void progressRisesToTheEnd()
    {
        QFETCH(ExportFormat, format);
        std::vector<double> shares;
        const auto summary = exportDesign(m_network, requestFor(format, m_path),
                                          {{}, [&](double share) { shares.push_back(share); }});
        QVERIFY2(summary, qPrintable(summary ? QString() : summary.error().message()));
        QVERIFY(std::is_sorted(shares.begin(), shares.end()));
        QCOMPARE(shares.back(), 1.0);
        QCOMPARE(summary->outputPath, m_path);
        QVERIFY(summary->bytes > 0);
        QCOMPARE(summary->arenaBytes > 0, format == ExportFormat::CProject);
        QCOMPARE(summary->files > 1, writesFolder(format));
    }

    void cancellingAnywhereLeavesNothing_data() { formats(); }
    void cancellingAnywhereLeavesNothing()
    {
        QFETCH(ExportFormat, format);
        int questions = 0;
        QVERIFY(exportDesign(m_network, requestFor(format, m_path),
                             {[&] { return ++questions < 0; }, {}}));
        QVERIFY(questions >= 2);
        init();
        for (const int last : {1, 2, questions / 2, questions - 1, questions}) {
            int asked = 0;
            const auto summary = exportDesign(m_network, requestFor(format, m_path),
                                              {[&] { return ++asked >= last; }, {}});
            QVERIFY(!summary);
            QCOMPARE(summary.error().code, ErrorCode::Cancelled);
            QVERIFY(QDir(m_folder->path())
                        .isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
        }
    }

    void badRequestsAreWrongUsage()
    {
        const auto refused = [this](const ExportRequest &request) {
            const auto summary = exportDesign(m_network, request);
            QVERIFY(!summary);
            QCOMPARE(summary.error().code, ErrorCode::Usage);
        };
        refused(requestFor(ExportFormat::CProject, {}));
        for (const char *prefix : {"", "1st", "a-b", "a b", "_x",
                                   "gr\xc3\xb6\xc3\x9f"
                                   "e",
                                   "model\n"}) {
            ExportRequest request = requestFor(ExportFormat::CProject, m_path);
            request.prefix = QString::fromUtf8(prefix);
            refused(request);
        }
        ExportRequest untold = requestFor(ExportFormat::TfLite, m_path);
        untold.source.weightsPath = m_folder->filePath("w.safetensors");
        refused(untold);
        ExportRequest reserved = requestFor(ExportFormat::CProject, m_path);
        reserved.target.reserveSramBytes = -1;
        refused(reserved);
    }

    void nothingIsComputedForAPlaceThatIsTaken()
    {
        QVERIFY(QDir().mkpath(m_path + "/work"));
        int shares = 0;
        const auto summary = exportDesign(m_network, requestFor(ExportFormat::CProject, m_path),
                                          {{}, [&](double) { ++shares; }});
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::Io);
        QCOMPARE(shares, 0);
    }

private:
    static void formats()
    {
        QTest::addColumn<ExportFormat>("format");
        for (const ExportFormat format :
             {ExportFormat::PyTorch, ExportFormat::Onnx, ExportFormat::OnnxQdq,
              ExportFormat::TfLite, ExportFormat::CProject})
            QTest::newRow(qPrintable(toString(format))) << format;
    }

    const Network m_network = everyBlock();
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_APPLESS_MAIN(TestExportDesign)
#include "tst_export_design.moc"
