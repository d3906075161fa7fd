/**
 * XLNet (Yang et al. 2019): an encoder that predicts words in any order, by two streams of states
 * and masks for permutations, with Transformer-XL's positions and memory.
 */
@NullMarked
package dev.heed.model.xlnet;

import org.jspecify.annotations.NullMarked;
