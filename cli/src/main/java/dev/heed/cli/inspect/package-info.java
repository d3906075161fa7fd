/** {@code heed inspect}: what a checkpoint holds, without loading it. */
@NullMarked
package dev.heed.cli.inspect;

import org.jspecify.annotations.NullMarked;
