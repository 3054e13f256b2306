#include "core/inference/packed_variants.h"

#include "core/lowering/atom_variant.h"
#include "firmware/kernels/ak_types.h"

namespace atomnet
{

namespace
{

static_assert(int(KeyPacking::None) == AK_PACKING_NONE);
static_assert(int(KeyPacking::Plain4x2) == AK_PACKING_PLAIN_4X2);
static_assert(int(KeyPacking::HiLo4x2) == AK_PACKING_HILO_4X2);
static_assert(int(KeyPacking::Depthwise) == AK_PACKING_DEPTHWISE);

struct Variants {
    quint16 operator()(const PairCall &pair) const
    {
        return atomVariant(KeyPacking(pair.expandPacking), KeyPacking(pair.projectPacking));
    }
    template <class WithWeights>
    quint16 operator()(const WithWeights &call) const
    {
        if constexpr (requires { call.packing; })
            return atomVariant(KeyPacking(call.packing));
        else
            return 0;
    }
};

} // namespace

quint16 variantOf(const Call &call)
{
    return std::visit(Variants{}, call);
}

void setVariants(AtomGraph &graph, const Program &program)
{
    for (const Step &step : program.steps) {
        if (step.atom < 0) continue; // softmax
        Q_ASSERT(std::size_t(step.atom) < graph.atoms.size());
        graph.atoms[std::size_t(step.atom)].key.variant = variantOf(step.call);
    }
}

} // namespace atomnet
