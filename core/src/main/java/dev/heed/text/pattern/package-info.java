/** Patterns that cut a text into matches and what lies between them. */
@NullMarked
package dev.heed.text.pattern;

import org.jspecify.annotations.NullMarked;
