/** Seed-OSS (ByteDance 2025): Llama with a switch of its own for the output map's bias. */
@NullMarked
package dev.heed.model.seedoss;

import org.jspecify.annotations.NullMarked;
