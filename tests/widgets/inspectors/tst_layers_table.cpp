#include "tests/support/sample_report.h"
#include "tests/widgets/inspectors/find_by_name.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/layers_model.h"
#include "widgets/inspectors/layers_table.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

ReportPtr shared(Report report)
{
    return std::make_shared<const Report>(std::move(report));
}

} // namespace

class TestLayersTable : public QObject
{
    Q_OBJECT

    std::unique_ptr<Document> m_document;
    std::unique_ptr<LayersTable> m_table;

    void clickRow(int row)
    {
        QTableView *view = m_table->view();
        const QModelIndex index = view->model()->index(row, LayersModel::Name);
        view->scrollTo(index);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
    }
    int layerInRow(int row) const
    {
        return m_table->view()->model()->index(row, LayersModel::Index).data().toInt() - 1;
    }

private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_table = std::make_unique<LayersTable>(*m_document);
        m_table->resize(1400, 260);
        m_table->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_table.get()));
        m_table->setReport(shared(sampleReport()));
    }
    void cleanup()
    {
        m_table.reset();
        m_document.reset();
    }

    void theModelKeepsTheRulesOfModels()
    {
        LayersModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setReport(shared(sampleReport(20)));
        QCOMPARE(model.rowCount(), 20);
        model.setReport(shared(sampleReport(28)));
        QCOMPARE(model.rowCount(), 28);
        model.setReport(shared(sampleReport(20)));
        QCOMPARE(model.rowCount(), 20);
        model.setReport({});
        QCOMPARE(model.rowCount(), 0);
    }

    void anEqualNumberOfLayersIsAnUpdateInPlace()
    {
        LayersModel model;
        model.setReport(shared(sampleReport()));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        Report other = sampleReport();
        other.layers[3].flashBytes = 7 * 1024;
        model.setReport(shared(other));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(inserted.size() + reset.size(), 0);
        QCOMPARE(model.index(3, LayersModel::Flash).data().toString(), QStringLiteral("7.0 KiB"));
        QVERIFY(model.index(3, LayersModel::Flash)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("7\u202f168 B")));
    }

    void rowsSortByValueNotByText()
    {
        Report report = sampleReport();
        for (std::size_t i = 0; i < report.layers.size(); ++i)
            report.layers[i].flashBytes = qint64(i % 2 ? 9 : 1000) * 1024 + qint64(i);
        m_table->setReport(shared(report));
        m_table->view()->sortByColumn(LayersModel::Flash, Qt::DescendingOrder);
        qint64 before = std::numeric_limits<qint64>::max();
        for (int row = 0; row < m_table->view()->model()->rowCount(); ++row) {
            const qint64 flash = report.layers[std::size_t(layerInRow(row))].flashBytes;
            QVERIFY(flash <= before);
            before = flash;
        }
    }

    void everyWordOfTheFilterMustOccur()
    {
        auto *words = byName<QLineEdit>(*m_table, QStringLiteral("Filter layers"));
        QVERIFY(words);
        const int all = m_table->view()->model()->rowCount();
        QTest::keyClicks(words, QStringLiteral("missing"));
        const int missing = m_table->view()->model()->rowCount();
        QVERIFY(missing > 0 && missing < all);
        QTest::keyClicks(words, QStringLiteral(" nowhere"));
        QCOMPARE(m_table->view()->model()->rowCount(), 0);
        words->clear();
        QCOMPARE(m_table->view()->model()->rowCount(), all);
    }

    void aClickedRowSelectsItsLayerAndBlock()
    {
        const Report report = sampleReport();
        clickRow(2);
        QCOMPARE(m_document->selection().layer(), std::optional<int>(2));
        const BlockId block = report.layers[2].atom.blockId;
        QVERIFY(block);
        QVERIFY(m_document->selection().contains(block));
        // With another order the row is another layer.
        m_table->view()->sortByColumn(LayersModel::Index, Qt::DescendingOrder);
        clickRow(0);
        QCOMPARE(m_document->selection().layer(),
                 std::optional<int>(int(report.layers.size()) - 1));
    }

    void theSelectionOfOthersShowsInTheRows()
    {
        const Report report = sampleReport();
        const BlockId block = report.layers[5].atom.blockId;
        m_document->selection().setBlocks({block});
        const QModelIndexList rows = m_table->view()->selectionModel()->selectedRows();
        int expected = 0;
        for (const Layer &layer : report.layers)
            expected += layer.atom.blockId == block;
        QCOMPARE(rows.size(), expected);
        m_document->selection().selectLayer(7, report.layers[7].atom.blockId);
        QCOMPARE(m_table->view()->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(layerInRow(m_table->view()->selectionModel()->selectedRows().first().row()), 7);
        m_document->selection().clear();
        QVERIFY(!m_table->view()->selectionModel()->hasSelection());
    }

    void scrollPositionAndSelectionStayWhenFiguresChange()
    {
        m_table->setReport(shared(sampleReport(60)));
        clickRow(30);
        QScrollBar *bar = m_table->view()->verticalScrollBar();
        QVERIFY(bar->maximum() > 10);
        bar->setValue(10);
        Report other = sampleReport(60);
        other.layers[30].macs += 1000;
        m_table->setReport(shared(other));
        QCOMPARE(bar->value(), 10);
        QCOMPARE(m_document->selection().layer(), std::optional<int>(30));
        QCOMPARE(m_table->view()->selectionModel()->selectedRows().size(), 1);
    }

    void rowsAreCopiedAsTabSeparatedText()
    {
        clickRow(1);
        QTest::keyClick(m_table->view(), Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(m_table->view(), Qt::Key_C, Qt::ControlModifier);
        const QStringList lines =
            QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith(QStringLiteral("#\tStage")));
        QCOMPARE(lines[1].split(u'\t').size(), int(LayersModel::ColumnCount));
        QVERIFY(lines[1].startsWith(QStringLiteral("2\t")));
        QVERIFY(lines[2].startsWith(QStringLiteral("3\t")));
    }

    void csvHoldsOneLineALayer()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("layers.csv"));
        QVERIFY(m_table->exportCsv(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count('\n'), qsizetype(sampleReport().layers.size()) + 1);
        const auto refused = m_table->exportCsv(folder.filePath(QStringLiteral("no/such/x.csv")));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Io);
        m_table->setReport({});
        QVERIFY(!m_table->exportCsv(path));
    }
};

QTEST_MAIN(TestLayersTable)
#include "tst_layers_table.moc"
