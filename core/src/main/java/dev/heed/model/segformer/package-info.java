/**
 * SegFormer (Xie et al. 2021): a pyramid of overlapping patches whose attention reads a coarser
 * image, and maps that say the class of every place.
 */
@NullMarked
package dev.heed.model.segformer;

import org.jspecify.annotations.NullMarked;
