/** From a text to the pieces of a vocabulary and back: added tokens, and the steps between them. */
@NullMarked
package dev.heed.text.pipeline;

import org.jspecify.annotations.NullMarked;
