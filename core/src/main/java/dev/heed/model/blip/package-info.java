/**
 * BLIP (Li et al. 2022): a Vision Transformer and BERT's layers with cross-attention to its
 * patches, which write captions, answer questions and say whether a text fits an image.
 */
@NullMarked
package dev.heed.model.blip;

import org.jspecify.annotations.NullMarked;
