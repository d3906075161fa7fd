/**
 * The TP-Transformer: attention whose fillers are bound to learned roles by a product (Schlag et
 * al. 2019).
 *
 * <p>Sequences are {@code [B, T, size]}, ids {@code [B, T]}; {@code true} in a mask means may
 * attend.
 */
@NullMarked
package dev.heed.model.tp;

import org.jspecify.annotations.NullMarked;
