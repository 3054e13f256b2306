#include "tests/judges/network_parts.h"

namespace atomnet::judges
{

namespace
{

bool hasTable(KeyAct act)
{
    return act == KeyAct::HSwish || act == KeyAct::HSigmoid;
}

/// The key of part `part` of a pair, as a pointwise convolution; other keys as they are.
AtomKey partKey(const AtomKey &key, int part)
{
    if (key.kind != AtomKind::PointwisePair) return key;
    AtomKey alone = key;
    alone.kind = AtomKind::Pointwise;
    alone.squeeze = 0;
    if (part == 0)
        alone.outC = key.squeeze;
    else
        alone.inC = key.squeeze;
    alone.act = part == 0 ? key.act : KeyAct::None;
    return alone;
}

} // namespace

std::vector<Part> partsOf(const QuantizedNetwork &network, int atom)
{
    const Atom &whole = network.graph.atoms[std::size_t(atom)];
    const int count = whole.key.kind == AtomKind::PointwisePair ? 2 : 1;
    std::vector<Part> parts;
    for (int p = 0; p < count; ++p) {
        Part part;
        part.atom = atom;
        part.unit = network.unitOf(atom, p);
        QuantizedNetwork &alone = part.network;
        alone.graph.runtime = network.graph.runtime;
        alone.normalisation = network.normalisation;
        alone.trained = network.trained;

        Atom one = whole;
        one.key = partKey(whole.key, p);
        if (hasTable(one.key.act)) one.key.act = KeyAct::None;
        one.inputs = {-1, -1};
        for (std::size_t i = 0; i < whole.inputs.size(); ++i) {
            if (whole.inputs[i] < 0) continue;
            Tensor tensor = network.graph.tensors[std::size_t(whole.inputs[i])];
            if (i == 0) tensor.shape = one.key.in();
            tensor.producer = -1;
            tensor.lastUse = 0;
            one.inputs[i] = int(alone.graph.tensors.size());
            alone.graph.tensors.push_back(tensor);
            alone.tensors.push_back(network.tensors[std::size_t(whole.inputs[i])]);
        }
        one.output = int(alone.graph.tensors.size());
        alone.graph.tensors.push_back({one.key.out(), 0, 0});
        alone.tensors.push_back(network.outputOf(atom));
        alone.graph.atoms.push_back(one);

        alone.units = weightUnits(alone.graph);
        if (part.unit >= 0) {
            UnitQuant quant = network.quants[std::size_t(part.unit)];
            quant.output = quant.convolved;
            alone.tensors.front() = quant.input;
            alone.tensors.back() = quant.convolved;
            alone.quants = {quant};
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

QByteArray behindTable(const QuantizedNetwork &network, int unit, const QByteArray &convolved)
{
    const KeyAct act = network.units[std::size_t(unit)].act;
    if (!hasTable(act)) return convolved;
    const UnitQuant &quant = network.quants[std::size_t(unit)];
    const auto table = act == KeyAct::HSwish ? hswishTable(quant.convolved, quant.output)
                                             : hsigmoidTable(quant.convolved);
    QByteArray values = convolved;
    for (char &value : values)
        value = char(table[std::size_t(int(qint8(value)) + 128)]);
    return values;
}

} // namespace atomnet::judges
