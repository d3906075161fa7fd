/**
 * wav2vec 2.0 (Baevski et al. 2020) and HuBERT (Hsu et al. 2021): convolutions over the samples of
 * a sound, a convolution in place of positions, then a Transformer; CTC writes what is said.
 */
@NullMarked
package dev.heed.model.wav2vec2;

import org.jspecify.annotations.NullMarked;
