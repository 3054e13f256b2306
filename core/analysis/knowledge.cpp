#include "core/analysis/knowledge.h"

#include "core/analysis/instruction_estimate.h"
#include "core/analysis/prediction/refit.h"
#include "firmware/kernels/ak_types.h"

namespace atomnet
{

namespace
{

Result<std::shared_ptr<const AtomTable>> tableFrom(const AtomDb &db, const QString &board,
                                                   Runtime runtime)
{
    auto table = db.table(board, runtimeId(runtime), kernelVersion(runtime));
    if (!table) return tl::make_unexpected(table.error());
    return std::make_shared<const AtomTable>(*std::move(table));
}

} // namespace

QString kernelVersion(Runtime runtime)
{
    if (runtime != Runtime::AtomNet1) return {};
    return QStringLiteral("%1-%2")
        .arg(AK_KERNEL_VERSION)
        .arg(quint32(ATOMNET_KERNEL_HASH), 8, 16, QLatin1Char('0'));
}

QString instructionsBoard(const Board &board, Runtime runtime)
{
    if (runtime != Runtime::AtomNet1) return {};
    const Board *counting = countingBoard(board);
    return counting ? counting->id : QString();
}

Knowledge shippedKnowledge(const Board &board, Runtime runtime)
{
    Knowledge knowledge;
    knowledge.model = shippedLatencyModel(board.id, runtimeId(runtime));
    if (const QString id = instructionsBoard(board, runtime); !id.isEmpty())
        knowledge.instructionModel = shippedLatencyModel(id, runtimeId(runtime));
    return knowledge;
}

Result<Knowledge> knowledgeFrom(const AtomDb &db, const Board &board, Runtime runtime)
{
    Knowledge knowledge;
    auto table = tableFrom(db, board.id, runtime);
    if (!table) return tl::make_unexpected(table.error());
    knowledge.table = *std::move(table);
    auto model = modelFor(db, *knowledge.table, board.id, runtimeId(runtime));
    if (!model) return tl::make_unexpected(model.error());
    knowledge.model = model->model;
    if (const QString id = instructionsBoard(board, runtime); !id.isEmpty()) {
        auto instructions = tableFrom(db, id, runtime);
        if (!instructions) return tl::make_unexpected(instructions.error());
        knowledge.instructions = *std::move(instructions);
        auto counting = modelFor(db, *knowledge.instructions, id, runtimeId(runtime));
        if (!counting) return tl::make_unexpected(counting.error());
        knowledge.instructionModel = counting->model;
    }
    return knowledge;
}

} // namespace atomnet
