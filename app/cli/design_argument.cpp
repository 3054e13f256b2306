#include "app/cli/design_argument.h"

#include "core/model/design_file.h"
#include "core/model/presets.h"

#include <QFileInfo>

namespace atomnet
{

Result<Network> designArgument(const QString &file, Console &console)
{
    if (QFileInfo::exists(file)) {
        auto design = loadDesign(file);
        if (!design) return tl::make_unexpected(design.error());
        for (const QString &note : design->notes)
            console.err << "atomnet-designer: " << note << '\n';
        return std::move(design->network);
    }
    if (const Preset *preset = presetById(file)) return preset->network;
    return fail(ErrorCode::BadInput,
                QStringLiteral("there is no such file, nor a preset of this name; "
                               "atomnet-designer presets lists them"),
                file);
}

} // namespace atomnet
