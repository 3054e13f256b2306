// Any bytes as a space of networks: reading never crashes, what it accepts can be counted, locked
// and written, and writing it is stable.
#include "core/search/space_options.h"

#include <cstdio>
#include <cstdlib>

namespace
{

/// Unlike an assertion it stays in every build type.
void require(bool holds, const char *what)
{
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    using namespace atomnet;
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const QString name = QStringLiteral("fuzz");
    const Result<SearchSpace> space = readSpace(bytes, name);
    if (!space) {
        require(!space.error().what.isEmpty(), "an error has a sentence");
        require(space.error().where.startsWith(name), "an error has a place");
        return 0;
    }
    require(validate(*space).has_value(), "an accepted space is valid");
    const QByteArray written = writeSpace(*space);
    const Result<SearchSpace> again = readSpace(written, name);
    require(again.has_value() && *again == *space, "read(write(s)) is s");
    require(writeSpace(*again) == written, "write(read(write(s))) is write(s)");
    const SpaceCount count = countNetworks(*space);
    require(count.distinct >= 1 && count.distinct <= count.labelled, "counts are in order");
    double options = 1;
    std::vector<Stage> first;
    for (const SpaceStage &stage : space->stages) {
        options *= countOptions(stage).distinct;
        if (countOptions(stage).distinct > 1000) return 0;
        first.push_back(stageOptions(stage).front());
    }
    require(options * double(spaceInputs(*space).size()) == count.distinct,
            "options make the count");
    Network design = networkOf(*space, spaceInputs(*space).front(), first);
    for (Stage &stage : design.stages)
        stage.locked = true;
    design.inputLocked = true;
    const Result<SearchSpace> locked = lockedSpace(*space, design);
    require(locked && countNetworks(*locked).distinct == 1, "all locked leaves one network");
    return 0;
}
