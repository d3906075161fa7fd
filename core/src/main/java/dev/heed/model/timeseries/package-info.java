/**
 * Time Series Transformer: BART's layers over lagged values, which say the distribution of each
 * next value (Vaswani et al. 2017; the recipe of Salinas et al. 2020).
 */
@NullMarked
package dev.heed.model.timeseries;

import org.jspecify.annotations.NullMarked;
