/** Finding objects in images as a set: boxes, classes, and the loss of the best matching. */
@NullMarked
package dev.heed.model.detection;

import org.jspecify.annotations.NullMarked;
