/** What models that hear attend to: moments of a sound. */
@NullMarked
package dev.heed.explain.sound;

import org.jspecify.annotations.NullMarked;
