/**
 * OPT (Zhang et al. 2022) and Galactica: BART's layers as a decoder alone, with learned positions
 * counted over the tokens that are no padding.
 */
@NullMarked
package dev.heed.model.opt;

import org.jspecify.annotations.NullMarked;
