#include "widgets/document/lint_runner.h"

namespace atomnet
{

LintCalls LintCalls::real()
{
    return {&atomnet::lint, &atomnet::explainPeak};
}

} // namespace atomnet
