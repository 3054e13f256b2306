#include "tests/widgets/inspectors/find_by_name.h"
#include "widgets/document/document.h"
#include "widgets/inspectors/block_inspector.h"
#include "widgets/inspectors/choices.h"
#include "widgets/inspectors/field.h"
#include "widgets/inspectors/figures_panel.h"
#include "widgets/inspectors/mixed_spin.h"

#include <QCheckBox>
#include <QSignalSpy>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

namespace
{

Block block(BlockType type, int out)
{
    Block made = defaultBlock(type);
    made.out = out;
    return made;
}

Network design()
{
    Network network;
    network.name = QStringLiteral("test");
    network.input = {64, 64, 3};
    network.stages = {Stage{{},
                            QStringLiteral("s1"),
                            {block(BlockType::Conv, 16), block(BlockType::Sep, 24),
                             block(BlockType::ConvNext, 48), block(BlockType::Sep, 24)},
                            {}}};
    network.head.classes = 10;
    return network;
}

} // namespace

class TestBlockInspector : public QObject
{
    Q_OBJECT

    std::unique_ptr<Document> m_document;
    std::unique_ptr<BlockInspector> m_inspector;

    const Block &at(int index) const
    {
        return m_document->network().stages[0].blocks[std::size_t(index)];
    }
    void select(std::initializer_list<int> indices)
    {
        std::vector<BlockId> ids;
        for (int index : indices)
            ids.push_back(at(index).id);
        m_document->selection().setBlocks(ids);
    }
    template <class Widget>
    Widget *named(const QString &name) const
    {
        return byName<Widget>(*m_inspector, name);
    }
    QSpinBox *width() const { return named<QSpinBox>(QStringLiteral("Width in channels")); }
    Field *fieldOf(const QWidget *editor) const
    {
        for (QObject *widget = const_cast<QWidget *>(editor); widget; widget = widget->parent())
            if (auto *field = qobject_cast<Field *>(widget)) return field;
        return nullptr;
    }
    static void type(QAbstractSpinBox *spin, const QString &text)
    {
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, text);
        QTest::keyClick(spin, Qt::Key_Return);
    }
    int steps() const { return m_document->undoStack().index(); }

private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_document->setNew(design());
        m_inspector = std::make_unique<BlockInspector>(*m_document);
        m_inspector->resize(300, 700);
        m_inspector->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_inspector.get()));
    }
    void cleanup()
    {
        m_inspector.reset();
        m_document.reset();
    }

    void typingAWidthIsOneUndoStep()
    {
        select({1});
        QVERIFY(width());
        QCOMPARE(width()->value(), 24);
        type(width(), QStringLiteral("40"));
        QCOMPARE(at(1).out, 40);
        QCOMPARE(steps(), 1);
        m_document->undoStack().undo();
        QCOMPARE(at(1).out, 24);
        QCOMPARE(width()->value(), 24);
    }

    void aWholeSliderDragIsOneUndoStepAndTheDesignFollowsIt()
    {
        select({1});
        auto *slider = m_inspector->findChild<QSlider *>();
        QVERIFY(slider && slider->isVisible());
        QSignalSpy changes(m_document.get(), &Document::networkChanged);
        QStyleOptionSlider option;
        option.initFrom(slider);
        option.orientation = Qt::Horizontal;
        option.minimum = slider->minimum();
        option.maximum = slider->maximum();
        option.sliderPosition = slider->value();
        option.sliderValue = slider->value();
        option.subControls = QStyle::SC_All;
        const QPoint handle =
            slider->style()
                ->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, slider)
                .center();
        QTest::mousePress(slider, Qt::LeftButton, {}, handle);
        QTest::mouseMove(slider, handle + QPoint(25, 0));
        QTest::mouseMove(slider, handle + QPoint(50, 0));
        QTest::mouseMove(slider, handle + QPoint(75, 0));
        QVERIFY(changes.size() >= 2);
        QTest::mouseRelease(slider, Qt::LeftButton, {}, handle + QPoint(75, 0));
        QVERIFY(at(1).out > 24);
        QCOMPARE(at(1).out % 8, 0);
        QCOMPARE(width()->value(), at(1).out);
        QCOMPARE(steps(), 1);
        // The next drag is a step of its own.
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(steps(), 2);
    }

    void valuesThatDifferReadMixedAndSettingOneSetsAll()
    {
        select({0, 1, 2});
        QCOMPARE(width()->text(), QStringLiteral("mixed"));
        auto *typeBox = named<ChoiceBox>(QStringLiteral("Type"));
        QVERIFY(typeBox);
        QCOMPARE(typeBox->currentIndex(), -1);
        QCOMPARE(steps(), 0); // showing changes nothing
        type(width(), QStringLiteral("32"));
        QCOMPARE(at(0).out, 32);
        QCOMPARE(at(1).out, 32);
        QCOMPARE(at(2).out, 32);
        QCOMPARE(at(3).out, 24);
        QCOMPARE(steps(), 1);
        QCOMPARE(width()->text(), QStringLiteral("32"));
    }

    void steppingFromMixedStartsAtTheFirstBlock()
    {
        select({1, 2});
        QCOMPARE(width()->text(), QStringLiteral("mixed"));
        width()->setFocus();
        QTest::keyClick(width(), Qt::Key_Up);
        QCOMPARE(at(1).out, 32);
        QCOMPARE(at(2).out, 32);
    }

    void expansionIsOffWithAReasonWhereATypeLacksIt()
    {
        auto *expand = named<QDoubleSpinBox>(QStringLiteral("Expansion"));
        QVERIFY(expand);
        select({1});
        QVERIFY(!expand->isEnabled());
        QVERIFY(fieldOf(expand)->shownText().contains(QStringLiteral("ConvNeXt")));
        select({1, 2});
        QVERIFY(expand->isEnabled());
        QCOMPARE(fieldOf(expand)->shownText(), QStringLiteral("applies to 1 of 2 blocks"));
        type(expand, QStringLiteral("5"));
        QCOMPARE(at(2).expand, 5.0);
        QCOMPARE(at(1).expand, 1.0);
    }

    void aRefusedEditSaysWhyAtItsFieldAndChangesNothing()
    {
        // 2048 channels expanded 64 times are more than a network may have.
        QVERIFY(m_document->edit(ChangeBlocks{{at(1).id},
                                              [] {
                                                  BlockPatch patch;
                                                  patch.out = 2048;
                                                  return patch;
                                              }()},
                                 QStringLiteral("wide")));
        select({2});
        auto *expand = named<QDoubleSpinBox>(QStringLiteral("Expansion"));
        const double before = at(2).expand;
        type(expand, QStringLiteral("64"));
        QCOMPARE(at(2).expand, before);
        QCOMPARE(expand->value(), before);
        QVERIFY(!fieldOf(expand)->error().isEmpty());
        QCOMPARE(fieldOf(expand)->shownText(), fieldOf(expand)->error());
        QCOMPARE(steps(), 1);
        type(expand, QStringLiteral("2"));
        QVERIFY(fieldOf(expand)->error().isEmpty());
        QCOMPARE(at(2).expand, 2.0);
    }

    void kernelAndStrideAreButtons()
    {
        select({1});
        const auto press = [this](const QString &group, const QString &text) {
            auto *buttons = named<Segmented>(group);
            for (QToolButton *button : buttons->findChildren<QToolButton *>())
                if (button->text() == text) QTest::mouseClick(button, Qt::LeftButton);
        };
        press(QStringLiteral("Kernel"), QStringLiteral("5"));
        QCOMPARE(at(1).kernel, 5);
        press(QStringLiteral("Stride"), QStringLiteral("2"));
        QCOMPARE(at(1).stride, 2);
        QCOMPARE(steps(), 2);
        select({0, 1});
        QVERIFY(!named<Segmented>(QStringLiteral("Kernel"))->value());
    }

    void squeezeExciteOfSeveralBlocksKeepsWhatDiffers()
    {
        select({1});
        auto *box = named<QCheckBox>(QStringLiteral("Squeeze-excite"));
        QVERIFY(box && box->isEnabled());
        QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
        QVERIFY(at(1).se.has_value());
        type(named<QSpinBox>(QStringLiteral("Squeeze reduction or channels")), QStringLiteral("2"));
        QCOMPARE(at(1).se->reduction, 2);

        select({1, 3});
        QCOMPARE(box->checkState(), Qt::PartiallyChecked);
        QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
        QVERIFY(at(3).se.has_value());
        QCOMPARE(at(3).se->reduction, 4);
        QCOMPARE(at(1).se->reduction, 2); // it had one and keeps it
        auto *gate = named<ChoiceBox>(QStringLiteral("Squeeze-excite gate"));
        gate->setFocus();
        const int before = steps();
        QTest::keyClick(gate, Qt::Key_Home);
        QCOMPARE(int(at(1).se->gate), int(Activation::None));
        QCOMPARE(int(at(3).se->gate), int(Activation::None));
        QCOMPARE(at(1).se->reduction, 2);
        QCOMPARE(at(3).se->reduction, 4);
        QCOMPARE(steps(), before + 1); // both blocks in one step

        select({0});
        QVERIFY(!box->isEnabled());
    }

    void changingTheTypeKeepsTheWidth()
    {
        select({1});
        auto *typeBox = named<ChoiceBox>(QStringLiteral("Type"));
        typeBox->setFocus();
        QTest::keyClick(typeBox, Qt::Key_End);
        QVERIFY(at(1).type == BlockType::MbConv);
        QCOMPARE(at(1).out, 24);
    }

    void theWheelOverAFieldWithoutFocusChangesNothing()
    {
        select({1});
        m_inspector->setFocus();
        const QPointF middle = QRectF(width()->rect()).center();
        QWheelEvent wheel(middle, width()->mapToGlobal(middle), {}, {0, 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(width(), &wheel);
        QCOMPARE(at(1).out, 24);
    }

    void figuresOfTheSelectionComeFromTheReport()
    {
        auto analysed = analyze(m_document->network(), m_document->target(), {});
        QVERIFY2(analysed, "analysis");
        const auto report = std::make_shared<const Report>(*std::move(analysed));
        m_inspector->setReport(report);
        select({1, 2});
        qint64 flash = 0;
        for (const Layer &layer : report->layers)
            if (layer.atom.blockId == at(1).id || layer.atom.blockId == at(2).id)
                flash += layer.flashBytes;
        QVERIFY(flash > 0);
        bool seen = false;
        for (const FiguresPanel *panel : m_inspector->findChildren<FiguresPanel *>())
            if (panel->isVisible()) {
                seen = true;
                const QString text = QString::number(double(flash) / 1024, 'f', 1);
                QVERIFY2(panel->shown(QStringLiteral("Flash")).startsWith(text),
                         qPrintable(panel->shown(QStringLiteral("Flash"))));
            }
        QVERIFY(seen);
    }
};

QTEST_MAIN(TestBlockInspector)
#include "tst_block_inspector.moc"
