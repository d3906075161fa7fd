/**
 * Falcon (Almazrouei et al. 2023): one key head for all queries or for a group of them, attention
 * and feed-forward side by side, rotary positions or ALiBi.
 */
@NullMarked
package dev.heed.model.falcon;

import org.jspecify.annotations.NullMarked;
