#include "core/base/error.h"

namespace atomnet
{

QString Error::message() const
{
    return where.isEmpty() ? what : where + QStringLiteral(": ") + what;
}

int exitCode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Usage:
        return 2;
    case ErrorCode::BadInput:
    case ErrorCode::NewerFile:
    case ErrorCode::Io:
        return 3;
    case ErrorCode::Cancelled:
    case ErrorCode::Device:
        return 4;
    }
    return 4;
}

} // namespace atomnet
