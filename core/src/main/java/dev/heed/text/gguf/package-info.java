/**
 * Tokenizers that GGUF files hold in their metadata, as llama.cpp applies them; it departs from the
 * tokenizers that they were converted from in a few ways, which are kept.
 */
@NullMarked
package dev.heed.text.gguf;

import org.jspecify.annotations.NullMarked;
