#pragma once

#include "core/device/flashing/probe.h"
#include "core/device/flashing/tool_runner.h"

// What the tools' texts mean. Exit codes alone are not to be trusted: st-info ends with 0 without a
// probe, dfu-util with 74 after a success that ends in a reset. Texts are those of st-flash 1.5
// to 1.8, OpenOCD 0.11 and 0.12, dfu-util 0.9 to 0.11.
namespace atomnet
{

inline constexpr quint16 chipF412 = 0x441, chipF746 = 0x449, chipH743 = 0x450;
/// DBGMCU's id code, and the Flash option bytes with the read protection level. Source: RM0402,
/// RM0385, RM0433.
inline constexpr quint32 idCodeF4F7 = 0xe0042000, optionsF4F7 = 0x40023c14;
inline constexpr quint32 idCodeH7 = 0x5c001000, optionsH7 = 0x5200201c;

enum class ToolAction : quint8 { Read, Write, Identify };

/// What went wrong, as far as it can be told.
enum class FlashProblem : quint8 {
    None,
    ToolMissing,
    NoProbe,
    SeveralProbes,
    NoPermission,
    ProbeBusy,
    NoTarget,         ///< the probe is there, no chip answers behind it
    Protected,        ///< read protection, or write protected sectors
    ProtectedForEver, ///< read protection level 2
    WrongChip,
    VerifyFailed,
    Unplugged, ///< in the middle
    Silent,
    Cancelled,
    Crashed,
    Failed, ///< none of those
};

/// Judges a run by what it said, then by how it ended. A read's file is its caller's to check.
[[nodiscard]] FlashProblem judge(FlashTool tool, ToolAction action, const ToolRun &run);
/// Share done of the write or read that a line tells of.
[[nodiscard]] std::optional<double> progressOf(FlashTool tool, const QString &line);
/// The last line of the output that says why, for people who want to look further.
[[nodiscard]] QString complaintOf(const QString &output);

/// What identifyCall() found.
struct FoundChip {
    QString serial;                ///< of the probe or bootloader, "" when the tool does not say
    quint16 chipId = 0;            ///< 0: not known
    std::optional<int> protection; ///< read protection level 0, 1 or 2
    qint64 firstSector = 0, flashBytes = 0; ///< of a bootloader's memory layout, 0 otherwise
    bool operator==(const FoundChip &) const = default;
};
[[nodiscard]] std::vector<FoundChip> chipsIn(FlashTool tool, const QString &output);

} // namespace atomnet
