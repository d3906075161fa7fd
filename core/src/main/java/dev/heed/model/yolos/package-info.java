/** YOLOS (Fang et al. 2021): a Vision Transformer with a token for each object it may find. */
@NullMarked
package dev.heed.model.yolos;

import org.jspecify.annotations.NullMarked;
