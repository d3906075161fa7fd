/** What is added around an encoded text: special tokens, segments; and offsets without spaces. */
@NullMarked
package dev.heed.text.postprocessor;

import org.jspecify.annotations.NullMarked;
