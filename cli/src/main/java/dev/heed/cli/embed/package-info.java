/**
 * {@code heed embed}, {@code similar} and {@code evaluate sts}: sentence vectors and their quality.
 */
@NullMarked
package dev.heed.cli.embed;

import org.jspecify.annotations.NullMarked;
