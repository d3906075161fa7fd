/**
 * Converts checkpoints: safetensors, PyTorch archives, GGUF and llama2.c into safetensors (one file
 * or several) and GGUF, one tensor at a time.
 */
@NullMarked
package dev.heed.checkpoint.convert;

import org.jspecify.annotations.NullMarked;
