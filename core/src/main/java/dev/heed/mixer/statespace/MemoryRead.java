package dev.heed.mixer.statespace;

import dev.heed.tensor.Tensor;

/**
 * What a part of a sequence reads from a memory of keys and values, and leaves in it.
 *
 * @param output {@code [B, H, L, Dv]}
 * @param memory after its last token, {@code [B, H, Dk, Dv]}
 */
public record MemoryRead(Tensor output, Tensor memory) {}
