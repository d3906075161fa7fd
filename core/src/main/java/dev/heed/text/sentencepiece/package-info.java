/**
 * SentencePiece (Kudo and Richardson 2018): its models, how it cuts a text and puts it together.
 *
 * <p>Everything is as in its C++ code, version 0.1.97: sums in single precision, characters that
 * are unknown beside each other as one piece, offsets that take in what was left out.
 */
@NullMarked
package dev.heed.text.sentencepiece;

import org.jspecify.annotations.NullMarked;
