/**
 * Sequence mixers that carry a linear state: S4, S4D, H3 and Mamba.
 *
 * <p>Each has a form that sees the whole sequence at once (a convolution by Fourier transform, or a
 * scan) and a recurrent form that takes one token at a constant cost; both compute the same.
 *
 * <p>Letters follow the papers: {@code H} channels, {@code N} size of the state, {@code L} length,
 * {@code A}, {@code B}, {@code C}, {@code D} the matrices of {@code x' = Ax + Bu, y = Cx + Du}, and
 * Δ the step of the discretisation. Of a complex state one half of each conjugate pair is kept.
 */
@NullMarked
package dev.heed.mixer.statespace;

import org.jspecify.annotations.NullMarked;
