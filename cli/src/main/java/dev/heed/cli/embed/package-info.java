/** {@code heed embed} and {@code similar}: sentence vectors. */
@NullMarked
package dev.heed.cli.embed;

import org.jspecify.annotations.NullMarked;
