/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_profiler.h"

int main(void)
{
    ap_profiler_run();
    return 0;
}
