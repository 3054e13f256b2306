/* Runs inputs from a file through an exported model. inputs.bin: a byte, 1 when layers are wanted, then the inputs.
 * outputs.bin: for each input records of two words (1 for the last record of an input, else 0; bytes) and the values; every
 * layer's output if wanted, then the network's.
 *
 * SPDX-License-Identifier: MIT */
#include "files.h"
#include "model.h"

static void record(uint32_t last, const int8_t *values, size_t bytes)
{
    const uint32_t head[2] = {last, (uint32_t)bytes};
    write_output(head, sizeof head);
    write_output(values, bytes);
}

static void write_layer(void *user, int layer, const char *name, int done)
{
    size_t bytes = 0;
    const int8_t *values = model_layer_output(layer, &bytes);
    (void)user;
    (void)name;
    if (done) record(0, values, bytes);
}

int main(void)
{
    static int8_t output[MODEL_OUTPUT_BYTES];
    int8_t layers = 0;
    if (read_input(&layers, 1) != 1) finish(1);
    if (layers) model_set_hook(write_layer, NULL);
    while (read_input(model_input(), MODEL_INPUT_BYTES) == MODEL_INPUT_BYTES) {
        const int status = model_run(output);
        if (status != MODEL_OK) finish(10 + status);
        record(1, output, sizeof output);
    }
    finish(0);
}
