/**
 * Speech2Text (Wang et al. 2020, fairseq S2T): gated convolutions that shorten a filter-bank
 * spectrogram, then BART's layers with norms before each part and fixed positions.
 */
@NullMarked
package dev.heed.model.speechtotext;

import org.jspecify.annotations.NullMarked;
