/**
 * Translators of recurrent networks, as attention began: a network reads, another writes, and looks
 * back at what was read by Bahdanau's or Luong's attention. They are what a Transformer of their
 * size is compared with.
 */
@NullMarked
package dev.heed.model.recurrent;

import org.jspecify.annotations.NullMarked;
