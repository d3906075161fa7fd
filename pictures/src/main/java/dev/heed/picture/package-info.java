/**
 * What a model attends to, as pictures: HTML pages that need no network, and PNG files.
 *
 * <p>They draw an {@link dev.heed.explain.AttentionView}; {@code picture.mechanism} draws every
 * mechanism by itself.
 */
@NullMarked
package dev.heed.picture;

import org.jspecify.annotations.NullMarked;
