/** {@code heed explore}: attention in the browser. */
@NullMarked
package dev.heed.cli.explore;

import org.jspecify.annotations.NullMarked;
