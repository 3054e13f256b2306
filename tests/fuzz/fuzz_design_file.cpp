// Any bytes as a design file: reading never crashes, what it accepts is valid, and writing it is
// stable.
#include "core/model/design_file.h"
#include "core/model/validate.h"

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
    const Result<DesignFile> design = readDesign(bytes, name);
    if (!design) {
        require(!design.error().what.isEmpty(), "an error has a sentence");
        require(design.error().where.startsWith(name), "an error has a place");
    } else {
        require(validate(design->network).has_value(), "an accepted design is valid");
        const QByteArray written = writeDesign(design->network);
        const Result<DesignFile> again = readDesign(written, name);
        require(again.has_value(), "a written design can be read");
        require(sameDesign(design->network, again->network), "read(write(n)) is n");
        require(writeDesign(again->network) == written, "write(read(write(n))) is write(n)");
    }
    if (const Result<std::vector<Block>> blocks = readBlocks(bytes)) {
        const Result<std::vector<Block>> again = readBlocks(writeBlocks(*blocks));
        require(again.has_value() && *again == *blocks, "blocks come back from the clipboard");
    }
    return 0;
}
