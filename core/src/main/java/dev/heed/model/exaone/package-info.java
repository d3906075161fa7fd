/** EXAONE 4 (LG AI Research 2025): layers within a window beside layers without positions. */
@NullMarked
package dev.heed.model.exaone;

import org.jspecify.annotations.NullMarked;
