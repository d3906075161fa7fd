/**
 * T5 (Raffel et al. 2020) and the families that differ from it by a switch: T5 1.1, mT5, UMT5. An
 * encoder-decoder without positions but for a learned bias of the scores by distance, with RMS
 * norms before each part, no biases, and scores that are not scaled.
 */
@NullMarked
package dev.heed.model.t5;

import org.jspecify.annotations.NullMarked;
