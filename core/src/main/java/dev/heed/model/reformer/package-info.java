/**
 * Reformer (Kitaev et al. 2020): reversible layers whose attention looks nearby, or among tokens
 * that hash alike.
 */
@NullMarked
package dev.heed.model.reformer;

import org.jspecify.annotations.NullMarked;
