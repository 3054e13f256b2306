#pragma once

#include "core/base/result.h"
#include "core/device/known_probes.h"

#include <QString>

#include <optional>
#include <vector>

namespace atomnet
{

enum class FlashTool : quint8 { StFlash, OpenOcd, DfuUtil };
[[nodiscard]] QString toString(FlashTool tool); ///< "st-flash", "openocd", "dfu-util"
[[nodiscard]] std::optional<FlashTool> flashToolFrom(QStringView text);

/// A way into a board: an ST-LINK, or the board's own ROM bootloader on USB.
struct Probe {
    using Kind = ProbeKind;
    Kind kind = Kind::StLink;
    QString name;   ///< "ST-LINK/V3"
    QString serial; ///< USB serial number
    quint16 vendor = 0, product = 0;
    quint16 chipId = 0; ///< behind it, 0 when not known (yet)
    QString problem;    ///< why it cannot be used: no permission; "" when it can
    bool operator==(const Probe &) const = default;
};
/// ST-LINKs by vendor and product, ROM DFU devices.
[[nodiscard]] std::vector<Probe> findProbes();

/// A kind of board that the firmware is built for: resources/boards/flash.json.
struct BoardVariant {
    QString id;    ///< "stm32h743-nucleo"
    QString board; ///< "stm32h743"
    QString name;  ///< "NUCLEO-H743ZI2"
    quint16 chipId = 0;
    QString openOcdConfig; ///< "board/st_nucleo_h743zi.cfg"
    qint64 flashBytes = 0;
    QString image; ///< "profiler-stm32h743-nucleo.bin"
};
[[nodiscard]] const std::vector<BoardVariant> &boardVariants();
/// By variant id, or by board id (its first variant). Usage with the known ones otherwise.
[[nodiscard]] Result<BoardVariant> boardVariant(const QString &id);

} // namespace atomnet
