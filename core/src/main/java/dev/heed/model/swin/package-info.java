/**
 * Swin Transformers (Liu et al. 2021) and their second version (Liu et al. 2022): a pyramid whose
 * layers attend within windows, which are shifted in every other layer.
 */
@NullMarked
package dev.heed.model.swin;

import org.jspecify.annotations.NullMarked;
