/**
 * What stands on a model's last states: scores of the vocabulary, of classes, of tokens, of spans,
 * and their losses. Each puts {@code logits} (or its own names) into the run, and {@code loss}
 * where labels are given.
 */
@NullMarked
package dev.heed.model.head;

import org.jspecify.annotations.NullMarked;
