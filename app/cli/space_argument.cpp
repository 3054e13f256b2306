#include "app/cli/space_argument.h"

#include "app/cli/design_argument.h"

#include <algorithm>

namespace atomnet
{

namespace
{

bool hasLocks(const Network &network)
{
    return network.inputLocked ||
           std::any_of(network.stages.begin(), network.stages.end(), [](const Stage &stage) {
               return stage.locked || std::any_of(stage.blocks.begin(), stage.blocks.end(),
                                                  [](const Block &block) { return block.locked; });
           });
}

} // namespace

OptionSpec spaceOption()
{
    return {QStringLiteral("space"), QStringLiteral("S"),
            QStringLiteral("paper (default), paper96, paper-wide, or a file")};
}

OptionSpec lockOption()
{
    return {QStringLiteral("lock"), QStringLiteral("FILE"),
            QStringLiteral("keep what is locked in this design (.atomnet)")};
}

Result<SearchSpace> spaceArgument(const ParsedCommand &command, Console &console)
{
    auto space = spaceByName(command.value(QStringLiteral("space"), QStringLiteral("paper")));
    if (!space || !command.has(QStringLiteral("lock"))) return space;
    const QString file = command.value(QStringLiteral("lock"));
    const auto design = designArgument(file, console);
    if (!design) return tl::make_unexpected(design.error());
    if (!hasLocks(*design))
        console.err << "atomnet-designer: nothing is locked in " << file
                    << "; put \"locked\": true on its stages, blocks or input\n";
    return lockedSpace(*space, *design);
}

} // namespace atomnet
