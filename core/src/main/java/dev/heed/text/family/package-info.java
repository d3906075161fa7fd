/**
 * Tokenizers put together from the files that families of models came with before {@code
 * tokenizer.json}: {@code vocab.txt}, {@code vocab.json} and {@code merges.txt}, SentencePiece
 * models. Each follows the Python class of transformers 4.33 that its folder names.
 */
@NullMarked
package dev.heed.text.family;

import org.jspecify.annotations.NullMarked;
