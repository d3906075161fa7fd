@NullMarked
package dev.heed.vector;

import org.jspecify.annotations.NullMarked;
