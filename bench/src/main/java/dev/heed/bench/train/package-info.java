/** Steps of training beside LibTorch's own modules and optimiser. */
@NullMarked
package dev.heed.bench.train;

import org.jspecify.annotations.NullMarked;
