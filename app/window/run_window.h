#pragma once

namespace atomnet
{

/// Opens the designer's window, with the designs named in the arguments, and runs it until it is
/// closed.
[[nodiscard]] int runWindow(int &argc, char **argv);

} // namespace atomnet
