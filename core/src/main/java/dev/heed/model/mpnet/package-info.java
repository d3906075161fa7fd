/**
 * MPNet (Song et al. 2020): BERT without segments, whose layers share one bias of bucketed
 * distances.
 */
@NullMarked
package dev.heed.model.mpnet;

import org.jspecify.annotations.NullMarked;
