/**
 * DeiT (Touvron et al. 2021): a Vision Transformer with a second token that learns from a teacher.
 */
@NullMarked
package dev.heed.model.deit;

import org.jspecify.annotations.NullMarked;
