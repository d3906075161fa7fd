/**
 * What a {@code generation_config.json} says, in records that have its keys' names.
 *
 * <p>Every key is either a component of one of the records of {@link
 * dev.heed.generate.config.GenerationConfig}, or known to leave the tokens as they are, or refused
 * by its name.
 *
 * {@snippet :
 * GenerationConfig config =
 *     GenerationConfig.read(folder.resolve("generation_config.json"))
 *         .with("num_beams", 4)
 *         .with("max_new_tokens", 60);
 * }
 */
@NullMarked
package dev.heed.generate.config;

import org.jspecify.annotations.NullMarked;
