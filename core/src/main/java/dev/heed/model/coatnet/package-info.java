/**
 * CoAtNet: convolution stages, then attention with a learned bias by relative place (Dai et al.
 * 2021).
 *
 * <p>Images are {@code [B, C, height, width]}; where attention reads an image as a sequence, its
 * places run row by row. Parameters have the names of the public PyTorch implementation.
 */
@NullMarked
package dev.heed.model.coatnet;

import org.jspecify.annotations.NullMarked;
