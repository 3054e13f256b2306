#include "tests/widgets/inspectors/find_by_name.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/block_inspector.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSpinBox>
#include <QTest>
#include <QTreeWidget>

using namespace atomnet;

/// The inspector's pages for the head, the input, a stage and the design.
class TestPartPages : public QObject
{
    Q_OBJECT

    std::unique_ptr<Document> m_document;
    std::unique_ptr<BlockInspector> m_inspector;

    template <class Widget>
    Widget *visible(const QString &name) const
    {
        const QList<Widget *> all = m_inspector->findChildren<Widget *>();
        for (Widget *widget : all)
            if (widget->accessibleName() == name && widget->isVisible()) return widget;
        return nullptr;
    }
    static void type(QAbstractSpinBox *spin, const QString &text)
    {
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, text);
        QTest::keyClick(spin, Qt::Key_Return);
    }

private Q_SLOTS:
    void init()
    {
        Network network;
        network.name = QStringLiteral("test");
        network.input = {64, 64, 3};
        Block stem = defaultBlock(BlockType::Conv);
        stem.out = 16;
        network.stages = {Stage{{}, QStringLiteral("s1"), {stem}, {}}};
        network.head.classes = 10;
        m_document = std::make_unique<Document>();
        m_document->setNew(network);
        m_inspector = std::make_unique<BlockInspector>(*m_document);
        m_inspector->resize(300, 600);
        m_inspector->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_inspector.get()));
    }
    void cleanup()
    {
        m_inspector.reset();
        m_document.reset();
    }

    void headLayersComeAndGo()
    {
        m_document->selection().selectHead();
        auto *conv = visible<QCheckBox>(QStringLiteral("1\u00d71 conv"));
        QVERIFY(conv);
        QVERIFY(!visible<QSpinBox>(QStringLiteral("1\u00d71 conv width")));
        QTest::mouseClick(conv, Qt::LeftButton, {}, QPoint(8, conv->height() / 2));
        QVERIFY(m_document->network().head.conv.has_value());
        auto *width = visible<QSpinBox>(QStringLiteral("1\u00d71 conv width"));
        QVERIFY(width);
        type(width, QStringLiteral("96"));
        QCOMPARE(m_document->network().head.conv->out, 96);
        QTest::mouseClick(conv, Qt::LeftButton, {}, QPoint(8, conv->height() / 2));
        QVERIFY(!m_document->network().head.conv.has_value());
        m_document->undoStack().undo();
        QCOMPARE(m_document->network().head.conv->out, 96);
        type(visible<QSpinBox>(QStringLiteral("Classes")), QStringLiteral("100"));
        QCOMPARE(m_document->network().head.classes, 100);
    }

    void noPageIsWiderThanTheInspector()
    {
        m_inspector->resize(m_inspector->minimumWidth(), 200); // low: scroll bars show
        const auto fits = [this] {
            const QList<QScrollArea *> areas = m_inspector->findChildren<QScrollArea *>();
            return std::all_of(areas.begin(), areas.end(), [](const QScrollArea *area) {
                return !area->isVisible() || area->widget()->width() <= area->viewport()->width();
            });
        };
        m_document->selection().setBlocks({m_document->network().stages[0].blocks[0].id});
        QVERIFY(QTest::qWaitFor(fits));
        m_document->selection().selectHead();
        QVERIFY(QTest::qWaitFor(fits));
        m_document->selection().clear();
        QVERIFY(QTest::qWaitFor(fits));
    }

    void theInputNeedNotBeSquare()
    {
        m_document->selection().selectInput();
        type(visible<QSpinBox>(QStringLiteral("Height")), QStringLiteral("96"));
        QCOMPARE(m_document->network().input, (Shape{96, 64, 3}));
        type(visible<QSpinBox>(QStringLiteral("Channels")), QStringLiteral("1"));
        QCOMPARE(m_document->network().input, (Shape{96, 64, 1}));
        QCOMPARE(m_document->undoStack().index(), 2);
    }

    void aStageIsRenamed()
    {
        m_document->selection().selectStage(m_document->network().stages[0].id);
        auto *name = visible<QLineEdit>(QStringLiteral("Name"));
        QVERIFY(name);
        QCOMPARE(name->text(), QStringLiteral("s1"));
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("stem"));
        QTest::keyClick(name, Qt::Key_Return);
        QCOMPARE(m_document->network().stages[0].name, QStringLiteral("stem"));
        m_document->undoStack().undo();
        QCOMPARE(name->text(), QStringLiteral("s1"));
    }

    void nothingSelectedNamesTheTensorsAtThePeak()
    {
        auto analysed = analyze(m_document->network(), m_document->target(), {});
        QVERIFY2(analysed, "analysis");
        const auto report = std::make_shared<const Report>(*std::move(analysed));
        m_inspector->setReport(report);
        auto *tree = visible<QTreeWidget>(QStringLiteral("What lives in SRAM at the peak"));
        QVERIFY(tree);
        QCOMPARE(tree->topLevelItemCount(), 2);
        QCOMPARE(tree->topLevelItem(1)->childCount(), int(report->peak.tensors.size()));
        QVERIFY(tree->topLevelItem(1)->childCount() > 0);
        const QString first = tree->topLevelItem(1)->child(0)->text(0);
        bool named = false;
        for (int tensor : report->peak.tensors)
            named = named || first.startsWith(tensorName(*report, tensor));
        QVERIFY2(named, qPrintable(first));
        m_inspector->setReport({});
        QVERIFY(!tree->isVisible());
    }
};

QTEST_MAIN(TestPartPages)
#include "tst_part_pages.moc"
