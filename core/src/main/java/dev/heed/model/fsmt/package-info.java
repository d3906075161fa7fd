/**
 * FSMT (Ng et al. 2019): fairseq's translation models, BART's layers with fixed positions and a
 * vocabulary for each language.
 */
@NullMarked
package dev.heed.model.fsmt;

import org.jspecify.annotations.NullMarked;
