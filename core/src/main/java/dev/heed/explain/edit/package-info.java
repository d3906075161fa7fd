/**
 * Attention changed while a model runs: heads switched off, tokens that others may no longer attend
 * to, activations taken from another text; and what the model says then.
 *
 * {@snippet :
 * EditedModel edited = EditedModel.of(model);
 * Said before = edited.run(ids, List.of());
 * Said after = edited.run(ids, List.of(new AttentionEdit.HeadOff(3, 1)));
 * }
 */
@NullMarked
package dev.heed.explain.edit;

import org.jspecify.annotations.NullMarked;
