#include "app/cli/target_options.h"

#include "core/analysis/knowledge.h"
#include "core/atomdb/shipped_atomdb.h"

#include <QFileInfo>

namespace atomnet
{

OptionSpec boardOption()
{
    return {QStringLiteral("board"), QStringLiteral("B"),
            QStringLiteral("board; default stm32h743 (see atomnet-designer boards)")};
}

OptionSpec runtimeOption()
{
    return {QStringLiteral("runtime"), QStringLiteral("R"),
            QStringLiteral("x-cube-ai-7.2 (default) or atomnet-1")};
}

OptionSpec knowledgeOption()
{
    return {QStringLiteral("db"), QStringLiteral("PATH"),
            QStringLiteral("AtomDB to read; default: your own, or what ships")};
}

OptionSpec reserveSramOption()
{
    return {QStringLiteral("reserve-sram"), QStringLiteral("N"),
            QStringLiteral("SRAM kept free for your application: bytes, or such as 64KiB")};
}

OptionSpec reserveFlashOption()
{
    return {QStringLiteral("reserve-flash"), QStringLiteral("N"),
            QStringLiteral("Flash kept free for your application")};
}

Result<Target> targetOf(const ParsedCommand &command, const QString &runtime, const QString &board)
{
    auto knownBoard = boardById(command.value(QStringLiteral("board"), board));
    if (!knownBoard) return tl::make_unexpected(knownBoard.error());
    auto knownRuntime = runtimeById(command.value(QStringLiteral("runtime"), runtime));
    if (!knownRuntime) return tl::make_unexpected(knownRuntime.error());
    return Target{*knownBoard, *knownRuntime, 0, 0};
}

Result<Target> targetWithReserves(const ParsedCommand &command)
{
    auto target = targetOf(command);
    if (!target) return target;
    for (auto [option, reserve] :
         {std::pair{QStringLiteral("reserve-sram"), &target->reserveSramBytes},
          std::pair{QStringLiteral("reserve-flash"), &target->reserveFlashBytes}}) {
        if (!command.has(option)) continue;
        auto bytes = parseByteSize(command.value(option), option);
        if (!bytes) return tl::make_unexpected(bytes.error());
        *reserve = *bytes;
    }
    if (auto valid = validate(*target); !valid) return tl::make_unexpected(valid.error());
    return target;
}

Result<Knowledge> knowledgeOf(const ParsedCommand &command, const Target &target)
{
    const bool given = command.has(QStringLiteral("db"));
    const QString path = given ? command.value(QStringLiteral("db")) : AtomDb::defaultPath();
    if (!QFileInfo::exists(path)) {
        if (given)
            return fail(ErrorCode::BadInput, QStringLiteral("there is no AtomDB here"), path);
        if (shippedAtomDb().isEmpty()) return shippedKnowledge(target.board, target.runtime);
    }
    const auto db = openAtomDb(path, AtomDb::Mode::ReadOnly);
    if (!db) return tl::make_unexpected(db.error());
    return knowledgeFrom(*db, target.board, target.runtime);
}

} // namespace atomnet
