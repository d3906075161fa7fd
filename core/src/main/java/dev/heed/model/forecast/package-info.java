/**
 * What forecasters of time series share: scales, lags, features, patches, masks for pretraining,
 * distributions of what follows, and drawing from them.
 *
 * <p>Shapes: {@code B} series, {@code T} steps, {@code C} values a step. Series of one value a step
 * are {@code [B, T]} in the families that look back by lags.
 */
@NullMarked
package dev.heed.model.forecast;

import org.jspecify.annotations.NullMarked;
