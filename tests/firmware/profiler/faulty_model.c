/* A model whose first input says what goes wrong when it runs. 4 bytes in, 4 out: each input
 * plus 1. */
#include "firmware/port/port.h"

static int8_t in[4];

static int8_t *input(void)
{
    return in;
}

/* Runs over any stack. */
__attribute__((noinline)) static int deeper(volatile int *above)
{
    volatile int here[64];
    here[0] = *above + 1;
    return deeper(here) + here[0];
}

static int run(int8_t *out)
{
    volatile int zero = 0;
    switch (in[0]) {
    case 1:
        *(volatile uint32_t *)(uintptr_t)0x1F000000u = 1;
        break; /* nothing is there */
    case 2:
        __builtin_trap();
    case 3:
        return deeper(&zero);
    case 4:
        return 5;
    default:
        break;
    }
    for (int i = 0; i < 4; ++i)
        out[i] = (int8_t)(in[i] + 1);
    return 0;
}

const port_model_t port_model = {0x51, 4, 4, input, run};
