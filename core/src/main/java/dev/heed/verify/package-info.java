/**
 * Recorded references: whether a model computes, decodes and generates what its reference did.
 *
 * <p>{@link dev.heed.verify.Verification} runs every case of a {@link
 * dev.heed.checkpoint.RecordedReference}, and lists what was recorded and not compared.
 */
@NullMarked
package dev.heed.verify;

import org.jspecify.annotations.NullMarked;
