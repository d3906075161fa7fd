/** {@code heed forecast}: what follows time series. */
@NullMarked
package dev.heed.cli.forecast;

import org.jspecify.annotations.NullMarked;
