/**
 * Generation: what a model's scores become, one token after another.
 *
 * <p>{@link dev.heed.generate.Generator} is the one door to it. {@link dev.heed.generate.logits}
 * holds the rules that change scores, {@link dev.heed.generate.config} what a {@code
 * generation_config.json} says.
 */
@NullMarked
package dev.heed.generate;

import org.jspecify.annotations.NullMarked;
