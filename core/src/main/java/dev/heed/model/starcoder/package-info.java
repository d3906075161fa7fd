/** StarCoder 2 (Lozhkov et al. 2024). */
@NullMarked
package dev.heed.model.starcoder;

import org.jspecify.annotations.NullMarked;
