/**
 * GGUF files: typed metadata, tensors plain or quantised in blocks,.
 *
 * <p>{@link dev.heed.checkpoint.gguf.GgufFile} reads a file under its own names. Sizes are in our
 * order, outermost first, where the format has them innermost first. {@link
 * dev.heed.checkpoint.gguf.GgufModel} shows the same file as the Hugging Face checkpoint that it
 * came from: names, layouts and config.
 *
 * <p>Source: ggml's {@code docs/gguf.md}, versions 2 and 3, little endian; where it leaves
 * something open, ggml 0.14's own reader decides.
 */
@NullMarked
package dev.heed.checkpoint.gguf;

import org.jspecify.annotations.NullMarked;
