/** gpt-oss (OpenAI 2025): attention with sinks, clamped gated experts. */
@NullMarked
package dev.heed.model.gptoss;

import org.jspecify.annotations.NullMarked;
