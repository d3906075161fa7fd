/**
 * Attention whose cost grows linearly with the length: kernels with a feature map (Linear
 * Transformer, Performer), keys and values projected along the sequence (Linformer), and keys and
 * values compressed by a convolution (memory-compressed attention).
 *
 * <p>Queries are {@code [B, H, Tq, D]}, keys {@code [B, H, Tk, D]}, values {@code [B, H, Tk, Dv]};
 * modules take and give {@code [B, T, size]}. Features are {@code [B, H, T, m]}.
 */
@NullMarked
package dev.heed.mixer.linear;

import org.jspecify.annotations.NullMarked;
