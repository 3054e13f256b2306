#include "tests/widgets/inspectors/find_by_name.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/atomdb_panel.h"
#include "widgets/inspectors/target_bar.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

using namespace atomnet;

/// The AtomDB dock and the board chooser.
class TestPanels : public QObject
{
    Q_OBJECT

    static bool shows(const QWidget &widget, const QString &text)
    {
        const QList<QLabel *> labels = widget.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisible() && label->text().contains(text);
        });
    }

private Q_SLOTS:
    void anEmptyDatabaseSaysWhatToDo()
    {
        AtomDbPanel panel;
        panel.resize(900, 300);
        panel.show();
        DbInfo info;
        info.path = QStringLiteral("/home/somebody/atomdb.sqlite");
        panel.setInfo(info);
        QVERIFY(shows(panel, QStringLiteral("AtomDB is empty")));
        QVERIFY(shows(panel, QStringLiteral("Import the authors' CSV files")));
        QVERIFY(shows(panel, QStringLiteral("/home/somebody/atomdb.sqlite")));
    }

    void contentsAreListedByConditionAndKind()
    {
        AtomDbPanel panel;
        panel.resize(900, 300);
        panel.show();
        DbInfo info;
        info.samples = 54612;
        ConditionInfo condition;
        condition.id = 1;
        condition.condition.board = QStringLiteral("stm32h743");
        condition.condition.runtime = QStringLiteral("x-cube-ai-7.2");
        condition.condition.clockHz = 400'000'000;
        condition.keys = 11000;
        condition.samples = 54612;
        info.conditions = {condition};
        info.kinds = {{1, AtomKind::Pointwise, 6489, 30000}, {1, AtomKind::Depthwise, 1804, 24612}};
        panel.setInfo(info);
        QVERIFY(!shows(panel, QStringLiteral("AtomDB is empty")));
        auto *tree = byName<QTreeWidget>(panel, QStringLiteral("Contents of AtomDB"));
        QVERIFY(tree && tree->isVisible());
        QCOMPARE(tree->topLevelItemCount(), 1);
        QVERIFY(tree->topLevelItem(0)->text(0).contains(QStringLiteral("400 MHz")));
        QCOMPARE(tree->topLevelItem(0)->childCount(), 2);
        QCOMPARE(tree->topLevelItem(0)->child(0)->text(1), QStringLiteral("6\u202f489"));
    }

    void theLastImportSaysWhatHappenedWithWhichLines()
    {
        AtomDbPanel panel;
        panel.resize(900, 300);
        panel.show();
        ImportReport report;
        report.file = QStringLiteral("/data/atomdb.csv");
        report.lines = 5;
        report.used = 2;
        report.added = 2;
        for (qint64 line : {3, 4, 5})
            report.note(ImportReport::Action::Skipped, line, QStringLiteral("no latency"));
        panel.setImportReports({report});
        auto *tree = byName<QTreeWidget>(panel, QStringLiteral("Last import"));
        QVERIFY(tree && tree->isVisible());
        QCOMPARE(tree->topLevelItem(0)->text(0), QStringLiteral("atomdb.csv"));
        QCOMPARE(tree->topLevelItem(0)->childCount(), 1);
        const QTreeWidgetItem *reason = tree->topLevelItem(0)->child(0);
        QCOMPARE(reason->text(0), QStringLiteral("skipped: no latency"));
        QCOMPARE(reason->text(1), QStringLiteral("3"));
        QVERIFY(reason->text(2).contains(QStringLiteral("3-5")));
    }

    void buttonsAskAndAreOffWhileSomethingRuns()
    {
        AtomDbPanel panel;
        panel.resize(900, 300);
        panel.show();
        QSignalSpy asked(&panel, &AtomDbPanel::importRequested);
        auto *button = panel.findChildren<QPushButton *>().first();
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        panel.setBusy(true);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
    }

    void choosingABoardChangesTheTarget()
    {
        Document document;
        TargetBar bar(document);
        bar.show();
        auto *chooser = byName<QComboBox>(bar, QStringLiteral("Board"));
        QVERIFY(chooser);
        QCOMPARE(chooser->currentData().toString(), QStringLiteral("stm32h743"));
        const int other = chooser->findData(QStringLiteral("stm32f746"));
        QVERIFY(other >= 0);
        chooser->setFocus();
        while (chooser->currentIndex() != other)
            QTest::keyClick(chooser, chooser->currentIndex() < other ? Qt::Key_Down : Qt::Key_Up);
        QCOMPARE(document.target().board.id, QStringLiteral("stm32f746"));
        bar.chooseBoard(QStringLiteral("no-such-board"));
        QCOMPARE(document.target().board.id, QStringLiteral("stm32f746"));
    }

    void reservesAreKiBAndShrinkWithTheBoard()
    {
        Document document;
        TargetBar bar(document);
        auto *sram = bar.findChild<QToolButton *>(QStringLiteral("reserveButton"))
                         ? byName<QSpinBox>(bar, QStringLiteral("Reserved SRAM in KiB"))
                         : nullptr;
        QVERIFY(sram);
        sram->setValue(400);
        QCOMPARE(document.target().reserveSramBytes, 400 * 1024);
        bar.chooseBoard(QStringLiteral("stm32f412"));
        QCOMPARE(document.target().board.id, QStringLiteral("stm32f412"));
        QVERIFY(document.target().reserveSramBytes <= document.target().board.sramBytes);
        QCOMPARE(qint64(sram->value()) * 1024, document.target().reserveSramBytes);
    }
};

QTEST_MAIN(TestPanels)
#include "tst_panels.moc"
