/**
 * Which keys a query may attend to, as values that compose.
 *
 * <p>{@code true} means "may attend". Queries and keys are named by position: keys count from 0,
 * the last query stands beside the last key.
 */
@NullMarked
package dev.heed.attention.mask;

import org.jspecify.annotations.NullMarked;
