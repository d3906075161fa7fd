package dev.heed.attention.kernel;

/**
 * Where the backward pass reads and writes.
 *
 * @param output what the forward pass computed, {@code [B, H, Tq, Dv]}
 * @param outputGradient {@code [B, H, Tq, Dv]}
 * @param queries gradient of q, written, {@code [B, H, Tq, D]}
 * @param keys gradient of k, written, {@code [B, Hkv, Tk, D]}
 * @param values gradient of v, written, {@code [B, Hkv, Tk, Dv]}
 */
record InputGradients(
    Operand output, Operand outputGradient, Operand queries, Operand keys, Operand values) {}
