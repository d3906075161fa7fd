/**
 * Autoformer (Wu et al. 2021): a forecaster with lags that splits series into trend and season
 * within every layer, and reads by auto-correlation in place of attention.
 */
@NullMarked
package dev.heed.model.autoformer;

import org.jspecify.annotations.NullMarked;
