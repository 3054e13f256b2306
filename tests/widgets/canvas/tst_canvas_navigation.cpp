#include "tests/widgets/document/small_network.h"
#include "widgets/canvas/canvas_navigation.h"

#include <QTest>

using namespace atomnet;

class TestCanvasNavigation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_network = smallNetwork(); }
    void leftAndRightGoThroughTheWholeNetwork()
    {
        Stop at{.input = true};
        const auto step = [&](Direction direction) {
            return at = neighbour(m_network, at, direction);
        };
        QCOMPARE(step(Direction::Right), Stop{.block = id(0, 0)});
        QCOMPARE(step(Direction::Right), Stop{.block = id(1, 0)});
        QCOMPARE(step(Direction::Right), Stop{.head = true});
        QCOMPARE(step(Direction::Right), Stop{.head = true});
        QCOMPARE(step(Direction::Left), Stop{.block = id(1, 0)});
        QCOMPARE(step(Direction::Down), Stop{.block = id(1, 1)});
        QCOMPARE(step(Direction::Left), Stop{.block = id(0, 0)}); // its stage has no second row
        QCOMPARE(step(Direction::Left), Stop{.input = true});
        QCOMPARE(step(Direction::Left), Stop{.input = true});
    }
    void upEndsAtTheHeaderAndDownAtTheLastBlock()
    {
        const Stop header{.stage = m_network.stages[1].id};
        QCOMPARE(neighbour(m_network, {.block = id(1, 0)}, Direction::Up), header);
        QCOMPARE(neighbour(m_network, header, Direction::Up), header);
        QCOMPARE(neighbour(m_network, header, Direction::Down), Stop{.block = id(1, 0)});
        QCOMPARE(neighbour(m_network, header, Direction::Left),
                 Stop{.stage = m_network.stages[0].id});
        QCOMPARE(neighbour(m_network, {.block = id(1, 1)}, Direction::Down),
                 Stop{.block = id(1, 1)});
    }
    void nothingSelectedBeginsAtTheFirstBlock()
    {
        QCOMPARE(neighbour(m_network, {}, Direction::Down), Stop{.block = id(0, 0)});
        QCOMPARE(neighbour(Network{}, {}, Direction::Down), Stop{.input = true});
        m_network.stages[0].blocks.clear();
        QCOMPARE(neighbour(m_network, {}, Direction::Left), Stop{.block = id(1, 0)});
        // An empty stage is passed by its header.
        QCOMPARE(neighbour(m_network, {.block = id(1, 0)}, Direction::Left),
                 Stop{.stage = m_network.stages[0].id});
    }
    void aRangeRunsOverStages()
    {
        const std::vector all{id(0, 0), id(1, 0), id(1, 1)};
        QCOMPARE(blocksBetween(m_network, id(0, 0), id(1, 1)), all);
        QCOMPARE(blocksBetween(m_network, id(1, 1), id(0, 0)), all);
        QCOMPARE(blocksBetween(m_network, id(1, 0), id(1, 0)), std::vector{id(1, 0)});
        QCOMPARE(blocksBetween(m_network, BlockId{999}, id(1, 0)), std::vector{id(1, 0)});
        QVERIFY(blocksBetween(m_network, id(1, 0), BlockId{999}).empty());
    }

private:
    [[nodiscard]] BlockId id(std::size_t stage, std::size_t block) const
    {
        return m_network.stages[stage].blocks[block].id;
    }
    Network m_network;
};

QTEST_GUILESS_MAIN(TestCanvasNavigation)
#include "tst_canvas_navigation.moc"
