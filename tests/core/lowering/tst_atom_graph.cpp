#include "core/lowering/atom_graph.h"
#include "core/lowering/lower.h"

#include <QtTest>

#include <functional>
#include <set>

using namespace atomnet;

namespace
{

AtomGraph goodGraph()
{
    Block b;
    b.type = BlockType::ConvNext;
    b.out = 16;
    b.expand = 2;
    b.se = SqueezeExcite{};
    Network n;
    n.input = {10, 10, 16};
    n.stages.push_back({{}, QStringLiteral("s1"), {b}, {}});
    auto graph = lower(n, Runtime::AtomNet1);
    return graph ? *graph : AtomGraph{};
}

using Damage = std::function<void(AtomGraph &)>;

} // namespace

Q_DECLARE_METATYPE(Damage)

class TestAtomGraph : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsWhatLoweringMakes();
    void findsDamage_data();
    void findsDamage();
    void rolesHaveNames();
};

void TestAtomGraph::acceptsWhatLoweringMakes()
{
    QCOMPARE(goodGraph().atoms.size(), std::size_t(9));
    QVERIFY(verify(goodGraph()));
}

void TestAtomGraph::findsDamage_data()
{
    QTest::addColumn<Damage>("damage");
    QTest::newRow("no tensors") << Damage([](AtomGraph &g) { g.tensors.clear(); });
    QTest::newRow("input out of range") << Damage([](AtomGraph &g) { g.atoms[0].inputs[0] = 99; });
    QTest::newRow("no input") << Damage([](AtomGraph &g) { g.atoms[0].inputs[0] = -1; });
    QTest::newRow("output out of range") << Damage([](AtomGraph &g) { g.atoms[0].output = 99; });
    QTest::newRow("reads what comes later")
        << Damage([](AtomGraph &g) { g.atoms[0].inputs[0] = 1; });
    QTest::newRow("two writers") << Damage([](AtomGraph &g) { g.atoms[1].output = 1; });
    QTest::newRow("wrong producer") << Damage([](AtomGraph &g) { g.tensors[1].producer = 3; });
    QTest::newRow("input has a producer")
        << Damage([](AtomGraph &g) { g.tensors[0].producer = 0; });
    QTest::newRow("shape of the output") << Damage([](AtomGraph &g) { ++g.tensors[1].shape.c; });
    QTest::newRow("shape of the input") << Damage([](AtomGraph &g) { ++g.atoms[0].key.inH; });
    QTest::newRow("dies too early") << Damage([](AtomGraph &g) { --g.tensors[0].lastUse; });
    QTest::newRow("lives too long") << Damage([](AtomGraph &g) { ++g.tensors[2].lastUse; });
    QTest::newRow("second operand of a convolution")
        << Damage([](AtomGraph &g) { g.atoms[0].inputs[1] = 0; });
    QTest::newRow("scale without factors")
        << Damage([](AtomGraph &g) { g.atoms[4].inputs[1] = -1; });
    QTest::newRow("scale by a map") << Damage([](AtomGraph &g) { g.atoms[4].inputs[1] = 0; });
}

void TestAtomGraph::findsDamage()
{
    QFETCH(Damage, damage);
    AtomGraph graph = goodGraph();
    damage(graph);
    QVERIFY(!verify(graph));
}

void TestAtomGraph::rolesHaveNames()
{
    std::set<QString> names;
    for (int role = 0; role <= int(Role::Classifier); ++role) {
        const QString name = toString(Role(role));
        QVERIFY(!name.isEmpty());
        names.insert(name);
    }
    // Only the head's convolution shares its name; its stage tells it apart.
    QCOMPARE(names.size(), std::size_t(Role::Classifier));
    QCOMPARE(toString(Role::Depthwise), QStringLiteral("dw"));
}

QTEST_APPLESS_MAIN(TestAtomGraph)
#include "tst_atom_graph.moc"
