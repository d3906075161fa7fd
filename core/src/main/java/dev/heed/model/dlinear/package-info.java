/** DLinear (Zeng et al. 2023, "Are Transformers effective for time series forecasting?"). */
@NullMarked
package dev.heed.model.dlinear;

import org.jspecify.annotations.NullMarked;
