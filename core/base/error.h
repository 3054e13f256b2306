#pragma once

#include <QString>

namespace atomnet
{

/// What kind of failure it is; the command line turns it into an exit code.
enum class ErrorCode {
    Usage,     ///< the caller asked for something that cannot be asked (exit 2)
    BadInput,  ///< a file or a value from outside is wrong (exit 3)
    NewerFile, ///< written by a later version of the designer (exit 3)
    Io,        ///< reading or writing failed: permissions, full disk, locked file (exit 3)
    Cancelled, ///< the user stopped it
    Device,    ///< a board or a tool failed (exit 4)
};

/// One failure, as one clear sentence: what happened and what to do, and where.
struct Error {
    ErrorCode code = ErrorCode::BadInput;
    QString what;  ///< "the kernel is 4; use 1, 3, 5 or 7"
    QString where; ///< "net.atomnet:12:30" or "stage s2, block 3"; may be empty

    bool operator==(const Error &) const = default;
    /// "where: what", or what alone when there is no place.
    [[nodiscard]] QString message() const;
};

/// Exit code of the command line for this failure (0 ok, 1 over budget, 2 usage, 3 bad input, 4
/// device).
[[nodiscard]] int exitCode(ErrorCode code);

} // namespace atomnet
