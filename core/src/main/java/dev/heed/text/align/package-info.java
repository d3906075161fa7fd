/**
 * Text that remembers where each of its characters came from, and what Unicode says of characters.
 *
 * <p>Every step that changes text (a normaliser, a splitter, byte-level mapping) takes an {@link
 * dev.heed.text.align.AlignedText} and gives another; so a token's offsets are those of the text
 * that the user wrote, however often it was rewritten.
 */
@NullMarked
package dev.heed.text.align;

import org.jspecify.annotations.NullMarked;
