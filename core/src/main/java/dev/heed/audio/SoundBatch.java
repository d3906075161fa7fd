package dev.heed.audio;

import dev.heed.tensor.Tensor;

/**
 * Sounds as a model takes them.
 *
 * @param features {@code f32[B, T]} samples, {@code f32[B, T, F]} filter banks, or {@code f32[B, F,
 *     T]} for Whisper
 * @param mask {@code i64[B, T]}: 1 where a sound is, 0 where its batch made it longer
 * @param masked whether the checkpoint's config asks for the mask to be given to the model
 */
public record SoundBatch(Tensor features, Tensor mask, boolean masked) {}
