#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

namespace atomnet
{

/// A value, or the Error that prevented it. Mark every function that returns one [[nodiscard]].
template <class T = void>
using Result = tl::expected<T, Error>;

/// The unexpected side of a Result: `return fail(ErrorCode::BadInput, "...", "stage s1");`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, QString what, QString where = {})
{
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where)});
}

} // namespace atomnet
