/**
 * ELECTRA (Clark et al. 2020): BERT whose word vectors may be smaller than its states, trained to
 * tell replaced tokens from original ones.
 */
@NullMarked
package dev.heed.model.electra;

import org.jspecify.annotations.NullMarked;
