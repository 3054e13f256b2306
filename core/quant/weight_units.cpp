#include "core/quant/weight_units.h"

namespace atomnet
{

namespace
{

QString prefixOf(const Atom &atom)
{
    const bool inHead = atom.block < 0;
    return inHead ? QStringLiteral("head")
                  : QStringLiteral("stages.%1.%2.%3").arg(atom.stage).arg(atom.block).arg(atom.repeat);
}

QString partName(const Atom &atom)
{
    switch (atom.role) {
    case Role::Depthwise: return QStringLiteral("dw");
    case Role::Pointwise: return QStringLiteral("pw");
    case Role::Expand: return QStringLiteral("expand");
    case Role::Project: return QStringLiteral("project");
    case Role::SeReduce: return QStringLiteral("se.reduce");
    case Role::SeExpand: return QStringLiteral("se.expand");
    case Role::Hidden: return QStringLiteral("hidden");
    case Role::Classifier: return QStringLiteral("classifier");
    default: return QStringLiteral("conv");
    }
}

} // namespace

std::vector<WeightUnit> weightUnits(const AtomGraph &graph)
{
    Q_ASSERT(graph.runtime == Runtime::AtomNet1);
    std::vector<WeightUnit> units;
    for (std::size_t i = 0; i < graph.atoms.size(); ++i) {
        const Atom &atom = graph.atoms[i];
        const AtomKey &key = atom.key;
        const QString prefix = prefixOf(atom) + QLatin1Char('.');
        WeightUnit unit;
        unit.atom = int(i);
        unit.name = prefix + partName(atom);
        unit.out = key.outC;
        unit.kernel = key.kernelH;
        unit.in = key.inC;
        unit.act = key.act;
        switch (key.kind) {
        case AtomKind::Conv:
        case AtomKind::Pointwise:
            unit.batchNorm = true;
            units.push_back(unit);
            break;
        case AtomKind::Depthwise:
            unit.batchNorm = true;
            unit.depthwise = true;
            unit.in = 1;
            units.push_back(unit);
            break;
        case AtomKind::FullyConnected: units.push_back(unit); break;
        case AtomKind::PointwisePair:
            unit.batchNorm = true;
            unit.name = prefix + QStringLiteral("expand");
            unit.out = key.squeeze;
            units.push_back(unit);
            unit.part = 1;
            unit.name = prefix + QStringLiteral("project");
            unit.in = key.squeeze;
            unit.out = key.outC;
            unit.act = KeyAct::None;
            units.push_back(unit);
            break;
        default: break;
        }
    }
    return units;
}

} // namespace atomnet
