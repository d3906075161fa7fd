/**
 * What happens to a text before it is split: Unicode forms, lower case, accents, white space.
 *
 * <p>A {@link dev.heed.text.normalizer.Normalizer} is a pure function of aligned text; the names
 * are those of the {@code normalizer} part of a {@code tokenizer.json}.
 */
@NullMarked
package dev.heed.text.normalizer;

import org.jspecify.annotations.NullMarked;
