/** Compares tokenizers with what other implementations recorded of them. */
@NullMarked
package dev.heed.text.recorded;

import org.jspecify.annotations.NullMarked;
