/**
 * Vocabularies learned from texts: byte-level byte pairs, WordPiece and Unigram, to a {@code
 * tokenizer.json} that Heed and the tokenizers library read.
 *
 * {@snippet :
 * TrainedTokenizer trained =
 *     new TokenizerTraining(TokenizerTraining.Kind.BYTE_PAIRS, 8000).train(texts);
 * trained.write(Path.of("tokenizer"));
 * }
 */
@NullMarked
package dev.heed.text.train;

import org.jspecify.annotations.NullMarked;
