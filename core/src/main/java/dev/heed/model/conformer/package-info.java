/**
 * Conformers (Gulati et al. 2020) that hear: wav2vec 2.0 Conformer, which reads samples, and
 * wav2vec-BERT 2.0 (Seamless Communication et al. 2023), which reads filter banks.
 */
@NullMarked
package dev.heed.model.conformer;

import org.jspecify.annotations.NullMarked;
