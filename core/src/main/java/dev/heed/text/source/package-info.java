/**
 * Reads tokenizers from the files that checkpoints ship. Everything here comes from strangers: it
 * is checked before anything is made of it, and what is not honoured is refused by its name.
 */
@NullMarked
package dev.heed.text.source;

import org.jspecify.annotations.NullMarked;
