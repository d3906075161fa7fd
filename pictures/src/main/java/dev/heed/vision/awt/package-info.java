/** Decodes image files with the JDK's own readers, which need the module {@code java.desktop}. */
@NullMarked
package dev.heed.vision.awt;

import org.jspecify.annotations.NullMarked;
