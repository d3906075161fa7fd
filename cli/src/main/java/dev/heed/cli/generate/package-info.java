/** {@code heed generate} and {@code heed chat}: texts that models write. */
@NullMarked
package dev.heed.cli.generate;

import org.jspecify.annotations.NullMarked;
