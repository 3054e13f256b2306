/* The command loop: takes requests from port_read(), runs kernels, answers through port_write().
 * Touches no register.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_PROFILER_H
#define AP_PROFILER_H

#ifdef __cplusplus
extern "C" {
#endif

/** Never returns on a board; on the host it returns when port_read() finds the stream closed. */
void ap_profiler_run(void);

#ifdef __cplusplus
}
#endif
#endif
