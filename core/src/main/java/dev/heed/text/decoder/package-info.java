/** How pieces become text again; the names are those of a {@code tokenizer.json}. */
@NullMarked
package dev.heed.text.decoder;

import org.jspecify.annotations.NullMarked;
