/* Faults of every kind behind port_guard(), and the stack's paint, on an emulated core. Prints what
 * went wrong; exits with the number of it. */
#include <string.h>

#include "firmware/port/cortex_m/guard.h"
#include "firmware/port/qemu/semihost.h"
#include "firmware/profiler/ap_profiler.h"

/* Below the RAM, where the stack begins: as on the boards, nothing is there. QEMU has to be told,
 * by the MPU. */
#define NOWHERE 0x1FF00100u
#define UNDEFINED_INSTRUCTION (1u << 16)
#define ACCESS_VIOLATION (1u << 1)
#define ADDRESS_VALID (1u << 7)
#define FORCED (1u << 30)

extern uint32_t __stack_limit;
static int wrong;

static void expect(int good, const char *what)
{
    if (good) return;
    ++wrong;
    semihost_puts(what);
    semihost_puts("\n");
}

static uint32_t stack_now(void)
{
    uint32_t sp;
    __asm volatile("mov %0, sp" : "=r"(sp));
    return sp;
}

static void add_one(void *argument)
{
    ++*(int *)argument;
}

void undefined_instruction(void *argument);
void undefined_at(void);
__attribute__((naked)) void undefined_instruction(__attribute__((unused)) void *argument)
{
    __asm volatile("mov r4, #0\n mov r5, r4\n mov r6, r4\n mov r7, r4\n"
                   "mov r8, r4\n mov r9, r4\n mov r10, r4\n mov r11, r4\n"
                   "vmov s16, r4\n vmov s23, r4\n vmov s31, r4\n"
                   ".global undefined_at\n.thumb_func\nundefined_at:\n"
                   "udf #7\n"
                   "bx lr\n");
}

static void read_nowhere(void *argument)
{
    (void)*(volatile uint32_t *)NOWHERE;
    *(int *)argument = 1; /* must not come here */
}

static void read_nowhere_without_interrupts(void *argument)
{
    port_irq_off();
    read_nowhere(argument);
}

static void fault_with_floats(void *argument)
{
    volatile float x = 1.5f;
    for (int i = 0; i < 10; ++i)
        x = x * 1.25f;
    read_nowhere(argument);
}

__attribute__((noinline)) static int recurse(volatile int *deep)
{
    volatile int here[64];
    for (int i = 63; i >= 0; --i)
        here[i] = *deep;
    ++*deep;
    return recurse(deep) + here[0];
}

static void overflow(void *argument)
{
    volatile int deep = 0;
    *(int *)argument = recurse(&deep);
}

__attribute__((naked)) static void lose_the_stack(__attribute__((unused)) void *argument)
{
    __asm volatile("mov r0, #0x200\n movt r0, #0x1FF0\n mov sp, r0\n push {r0}\n bx lr\n");
}

__attribute__((noinline)) static void use_stack(volatile uint8_t *last)
{
    volatile uint8_t bytes[1000];
    for (unsigned i = 0; i < sizeof bytes; ++i)
        bytes[i] = (uint8_t)i;
    *last = bytes[999];
}

/* Keeps known values in all registers that a call must preserve. 1 when they are still there. */
__attribute__((naked, noinline)) static int
preserved(__attribute__((unused)) int (*guard)(void (*)(void *), void *, ap_fault_t *),
          __attribute__((unused)) void (*work)(void *), __attribute__((unused)) ap_fault_t *fault)
{
    __asm volatile(
        "push {r4-r11, lr}\n sub sp, #4\n vpush {s16-s31}\n"
        "mov r3, r0\n mov r0, r1\n"
        "mov r4, #104\n mov r5, #105\n mov r6, #106\n mov r7, #107\n"
        "mov r8, #108\n mov r9, #109\n mov r10, #110\n mov r11, #111\n"
        "vmov s16, r4\n vmov s23, r5\n vmov s31, r6\n"
        "blx r3\n" /* work, whatever, fault */
        "cmp r0, #1\n"
        "itttt eq\n cmpeq r4, #104\n cmpeq r5, #105\n cmpeq r6, #106\n cmpeq r7, #107\n"
        "itttt eq\n cmpeq r8, #108\n cmpeq r9, #109\n cmpeq r10, #110\n cmpeq r11, #111\n"
        "vmov r1, s16\n vmov r2, s23\n vmov r3, s31\n"
        "ittt eq\n cmpeq r1, #104\n cmpeq r2, #105\n cmpeq r3, #106\n"
        "ite eq\n moveq r0, #1\n movne r0, #0\n"
        "vpop {s16-s31}\n add sp, #4\n pop {r4-r11, pc}\n");
}

static void check_faults(void)
{
    ap_fault_t fault;
    int value = 1;
    expect(port_guard(add_one, &value, &fault) == 0 && value == 2, "a good call");

    memset(&fault, 0xEE, sizeof fault);
    expect(port_guard(undefined_instruction, NULL, &fault) == 1, "undefined: returned 0");
    expect(fault.pc == ((uint32_t)undefined_at & ~1u), "undefined: pc");
    expect((fault.cfsr & UNDEFINED_INSTRUCTION) != 0, "undefined: CFSR");
    expect(stack_now() > fault.sp && stack_now() - fault.sp < 256, "undefined: sp");

    value = 0;
    expect(port_guard(read_nowhere, &value, &fault) == 1 && value == 0, "nowhere: returned 0");
    expect((fault.cfsr & (ACCESS_VIOLATION | ADDRESS_VALID)) == (ACCESS_VIOLATION | ADDRESS_VALID),
           "nowhere: CFSR");
    expect(fault.mmfar == NOWHERE, "nowhere: MMFAR");
    expect((fault.cfsr & UNDEFINED_INSTRUCTION) == 0, "nowhere: CFSR of the fault before");

    expect(port_guard(read_nowhere_without_interrupts, &value, &fault) == 1, "masked: returned 0");
    expect((fault.hfsr & FORCED) != 0, "masked: HFSR");
    port_irq_on();

    expect(port_guard(fault_with_floats, &value, &fault) == 1, "floats: returned 0");
    volatile float x = 3.0f;
    expect(x * x == 9.0f, "floats afterwards");

    expect(preserved(port_guard, undefined_instruction, &fault) == 1, "registers");

    expect(port_guard(lose_the_stack, NULL, &fault) == 1, "lost stack: returned 0");
    expect(fault.pc == 0 && fault.sp < NOWHERE + 0x100,
           "lost stack: a frame that was never pushed");

    const uint32_t before = stack_now();
    for (int i = 0; i < 1000; ++i)
        if (port_guard(read_nowhere, &value, &fault) != 1) ++wrong;
    expect(stack_now() == before, "faults use up stack");
}

static void check_stack(void)
{
    ap_fault_t fault;
    uint8_t last = 0;
    int value = 0;
    port_stack_paint();
    expect(port_stack_intact() == 1, "intact at first");
    const uint32_t idle = port_stack_high_water();
    use_stack(&last);
    const uint32_t used = port_stack_high_water();
    expect(idle < 128, "nothing ran, but stack was used");
    expect(used >= 1000 && used < 1200, "1,000 bytes of stack");
    port_stack_paint();
    expect(port_stack_high_water() < 128, "painting again");

    expect(port_guard(overflow, &value, &fault) == 1 && value == 0, "overflow: returned 0");
    expect(fault.sp < (uint32_t)&__stack_limit + 1024, "overflow: sp");
    expect(port_stack_intact() == 0, "overflow: intact");
    port_stack_paint();
    expect(port_stack_intact() == 1, "intact again");
}

static void nothing_below_the_stack(void)
{
    volatile uint32_t *const mpu = (volatile uint32_t *)0xE000ED94u; /* CTRL, RNR, RBAR, RASR */
    mpu[1] = 0;
    mpu[2] = 0x1FF00000u;
    mpu[3] = 19u << 1 | 1u; /* 1 MiB, no access */
    mpu[0] = 5u;            /* on; elsewhere as without */
    __asm volatile("dsb\n isb");
}

/* Called by the start-up code. */
void ap_profiler_run(void)
{
    nothing_below_the_stack();
    check_faults();
    check_stack();
    semihost_exit(wrong < 60 ? wrong : 60);
}

void port_irq_off(void)
{
    __asm volatile("cpsid i" ::: "memory");
}

void port_irq_on(void)
{
    __asm volatile("cpsie i" ::: "memory");
}
