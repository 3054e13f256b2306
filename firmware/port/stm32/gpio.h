/* Pins.
 *
 * SPDX-License-Identifier: MIT */
#ifndef GPIO_H
#define GPIO_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** PIN('D', 15) */
#define PIN(port, number) ((uint8_t)(((port) - 'A') << 4 | (number)))

void gpio_output(uint8_t pin);
void gpio_set(uint8_t pin, int on);
/** A peripheral's pin, fast; pull_up keeps an input that nobody drives quiet. */
void gpio_alternate(uint8_t pin, uint32_t function, int pull_up);

#ifdef __cplusplus
}
#endif
#endif
