/**
 * Models that cut a stretch of text into pieces of a vocabulary: WordPiece, byte-pair encoding,
 * Unigram, whole words; and the data structures they stand on.
 */
@NullMarked
package dev.heed.text.subword;

import org.jspecify.annotations.NullMarked;
