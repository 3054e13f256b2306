/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/gpio.h"

#include "board.h"
#include "firmware/port/stm32/reg.h"

#define MODER 0x00u
#define OSPEEDR 0x08u
#define PUPDR 0x0Cu
#define BSRR 0x18u
#define AFRL 0x20u

static uint32_t port_of(uint8_t pin)
{
    return CHIP_GPIO + 0x400u * (pin >> 4);
}

static void power(uint8_t pin)
{
    reg_change(CHIP_GPIO_ENABLE, 0, BIT(pin >> 4));
    reg_settle(CHIP_GPIO_ENABLE);
}

static void two_bits(uint8_t pin, uint32_t offset, uint32_t value)
{
    const uint32_t shift = 2u * (pin & 15u);
    reg_change(port_of(pin) + offset, 3u << shift, value << shift);
}

void gpio_output(uint8_t pin)
{
    power(pin);
    gpio_set(pin, 0);
    two_bits(pin, PUPDR, 0);
    two_bits(pin, OSPEEDR, 2);
    two_bits(pin, MODER, 1);
}

void gpio_set(uint8_t pin, int on)
{
    reg_write(port_of(pin) + BSRR, on ? BIT(pin & 15u) : BIT((pin & 15u) + 16u));
}

void gpio_alternate(uint8_t pin, uint32_t function, int pull_up)
{
    power(pin);
    const uint32_t shift = 4u * (pin & 7u);
    reg_change(port_of(pin) + AFRL + 4u * (pin >> 3 & 1u), 15u << shift, function << shift);
    two_bits(pin, PUPDR, pull_up ? 1 : 0);
    two_bits(pin, OSPEEDR, 3);
    two_bits(pin, MODER, 2);
}
