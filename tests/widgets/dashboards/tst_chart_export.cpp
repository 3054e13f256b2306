#include "tests/support/sample_report.h"
#include "widgets/dashboards/dashboard.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace atomnet;

class TestChartExport : public QObject
{
    Q_OBJECT
private:
    Document m_document;
    QWidget m_window;
    std::vector<Dashboard *> m_dashboards;

private Q_SLOTS:
    void initTestCase()
    {
        m_dashboards = makeDashboards(m_document, &m_window);
        m_window.resize(1000, 300);
        for (Dashboard *dashboard : m_dashboards) {
            dashboard->resize(1000, 300);
            dashboard->setReport(std::make_shared<const Report>(sampleReport()));
        }
        m_window.show();
    }

    void png_data() { charts(); }
    void png()
    {
        QFETCH(int, chart);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("chart.png"));
        const Result<> done = m_dashboards[std::size_t(chart)]->exportPng(path);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message()));
        const QImage image(path);
        QCOMPARE(image.size(), QSize(2000, 600)); // twice the screen's resolution
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); y += 3)
            for (int x = 0; x < image.width(); x += 3)
                colours.insert(image.pixel(x, y));
        QVERIFY(colours.size() > 20);
    }

    void svg_data() { charts(); }
    void svg()
    {
        QFETCH(int, chart);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("chart.svg"));
        const Result<> done = m_dashboards[std::size_t(chart)]->exportSvg(path);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QXmlStreamReader xml(bytes);
        QVERIFY(xml.readNextStartElement());
        QCOMPARE(xml.name(), QStringLiteral("svg"));
        QCOMPARE(xml.attributes().value(QStringLiteral("viewBox")), QStringLiteral("0 0 1000 300"));
        while (!xml.atEnd())
            xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(bytes.contains(m_dashboards[std::size_t(chart)]->title().toUtf8()));
        QVERIFY(bytes.contains("s2")); // the axis is text, not pixels
    }

    void exportLeavesTheScreenAsItWas()
    {
        QTemporaryDir folder;
        Dashboard &small = *m_dashboards[0];
        small.resize(400, 160); // exports are at least 800 wide
        const QImage before = small.grab().toImage();
        QVERIFY(small.exportPng(folder.filePath(QStringLiteral("a.png"))));
        QCOMPARE(QImage(folder.filePath(QStringLiteral("a.png"))).width(), 1600);
        QCOMPARE(small.grab().toImage(), before);
        small.resize(1000, 300);
    }

    void hiddenChartExportsTheNewestFigures()
    {
        QTemporaryDir folder;
        Dashboard &chart = *m_dashboards[1];
        chart.hide();
        QVERIFY(chart.exportPng(folder.filePath(QStringLiteral("old.png"))));
        Report more = sampleReport(40);
        chart.setReport(std::make_shared<const Report>(more));
        QVERIFY(chart.exportPng(folder.filePath(QStringLiteral("new.png"))));
        QVERIFY(QImage(folder.filePath(QStringLiteral("old.png"))) !=
                QImage(folder.filePath(QStringLiteral("new.png"))));
        chart.show();
    }

    void failureIsOneSentenceAndKeepsTheOldFile()
    {
        QTemporaryDir folder;
        const QString nowhere = folder.filePath(QStringLiteral("no/such/folder/chart.png"));
        for (const bool png : {true, false}) {
            const Result<> done =
                png ? m_dashboards[0]->exportPng(nowhere) : m_dashboards[0]->exportSvg(nowhere);
            QVERIFY(!done);
            QCOMPARE(done.error().code, ErrorCode::Io);
            QVERIFY(!done.error().what.contains(QLatin1Char('\n')));
            QVERIFY(done.error().what.contains(QStringLiteral("choose another")));
        }
        // A folder of the same name cannot be replaced by a file.
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("taken.png")));
        QVERIFY(!m_dashboards[0]->exportPng(folder.filePath(QStringLiteral("taken.png"))));
        QVERIFY(QFileInfo(folder.filePath(QStringLiteral("taken.png"))).isDir());
    }

private:
    void charts()
    {
        QTest::addColumn<int>("chart");
        for (int i = 0; i < int(m_dashboards.size()); ++i)
            QTest::addRow("%s", qPrintable(m_dashboards[std::size_t(i)]->id())) << i;
    }
};

QTEST_MAIN(TestChartExport)
#include "tst_chart_export.moc"
