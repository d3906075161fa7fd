/**
 * How a normalised text is split into the stretches that are tokenised each by itself.
 *
 * <p>The names are those of the {@code pre_tokenizer} part of a {@code tokenizer.json}.
 */
@NullMarked
package dev.heed.text.pretokenizer;

import org.jspecify.annotations.NullMarked;
