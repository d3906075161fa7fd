@NullMarked
package dev.heed.model.recurrent;

import org.jspecify.annotations.NullMarked;
