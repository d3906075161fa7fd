/**
 * The Audio Spectrogram Transformer (Gong et al. 2021): DeiT over overlapping patches of a
 * spectrogram.
 */
@NullMarked
package dev.heed.model.ast;

import org.jspecify.annotations.NullMarked;
