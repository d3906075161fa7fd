/**
 * Model families, one package each: a config record, modules named after the checkpoint's keys.
 *
 * <p>{@link dev.heed.model.ModelFiles} is where a model's config, weights and tokenizer come from;
 * {@link dev.heed.model.ModelFamilies} finds the family that a config names.
 */
@NullMarked
package dev.heed.model;

import org.jspecify.annotations.NullMarked;
