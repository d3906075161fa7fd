/**
 * DETR (Carion et al. 2020): a ResNet's map of an image, an encoder over its cells, and a decoder
 * whose learned queries each find an object or none.
 */
@NullMarked
package dev.heed.model.detr;

import org.jspecify.annotations.NullMarked;
