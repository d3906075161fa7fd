/**
 * The Pyramid Vision Transformer (Wang et al. 2021): stages of fewer and fewer patches, whose
 * attention reads a coarser image, and a class token in the last.
 */
@NullMarked
package dev.heed.model.pvt;

import org.jspecify.annotations.NullMarked;
