/**
 * ALBERT (Lan et al. 2020): BERT whose layers share their weights in groups, and whose word vectors
 * are smaller than its states.
 */
@NullMarked
package dev.heed.model.albert;

import org.jspecify.annotations.NullMarked;
