/**
 * Informer (Zhou et al. 2021): a forecaster with lags whose attention reads for few queries only,
 * and whose encoder halves the sequence between layers.
 */
@NullMarked
package dev.heed.model.informer;

import org.jspecify.annotations.NullMarked;
