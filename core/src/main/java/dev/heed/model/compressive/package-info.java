/** The Compressive Transformer: a language model that compresses old memories (Rae et al. 2019). */
@NullMarked
package dev.heed.model.compressive;

import org.jspecify.annotations.NullMarked;
