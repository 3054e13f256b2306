/* atomnet-profiler-host: speaks the protocol over standard input and output until the input ends.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_profiler.h"

int main(void)
{
    ap_profiler_run();
    return 0;
}
