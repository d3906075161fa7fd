package dev.heed.train.recipe;

import dev.heed.text.Tokenizer;

/**
 * How texts become tokens.
 *
 * @param tokenizer the checkpoint's
 * @param longest the most tokens of an example
 */
record Tokens(Tokenizer tokenizer, int longest) {}
