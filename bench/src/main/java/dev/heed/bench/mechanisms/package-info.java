/**
 * Every mechanism of the catalogue side by side: time and memory over the length, error against
 * exact attention, and the time of a token while decoding.
 */
@NullMarked
package dev.heed.bench.mechanisms;

import org.jspecify.annotations.NullMarked;
