#include "core/lowering/atom_variant.h"

namespace atomnet
{

KeyPacking typicalPacking(qint64 inputsPerOutput)
{
    return inputsPerOutput <= mostHiLoInputs ? KeyPacking::HiLo4x2 : KeyPacking::Plain4x2;
}

quint16 typicalVariant(const AtomKey &key)
{
    switch (key.kind) {
    case AtomKind::Conv:
        return atomVariant(typicalPacking(qint64(key.kernelH) * key.kernelW * key.inC));
    case AtomKind::Depthwise:
        return atomVariant(KeyPacking::Depthwise);
    case AtomKind::Pointwise:
        return atomVariant(typicalPacking(key.inC));
    case AtomKind::PointwisePair:
        return atomVariant(typicalPacking(key.inC), typicalPacking(key.squeeze));
    case AtomKind::FullyConnected:
        return atomVariant(typicalPacking(key.in().bytes()));
    case AtomKind::Pad:
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
    case AtomKind::SqueezeExcite:
    case AtomKind::Mean:
        break;
    }
    return 0;
}

} // namespace atomnet
