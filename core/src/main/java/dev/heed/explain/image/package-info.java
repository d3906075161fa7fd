/**
 * What the patches of an image attend to: attention read from any family that sees images, and what
 * is shown of it.
 */
@NullMarked
package dev.heed.explain.image;

import org.jspecify.annotations.NullMarked;
