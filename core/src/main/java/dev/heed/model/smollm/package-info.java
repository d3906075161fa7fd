/** SmolLM 3 (Hugging Face 2025): Llama, some of whose layers have no positions. */
@NullMarked
package dev.heed.model.smollm;

import org.jspecify.annotations.NullMarked;
