/**
 * Decision Transformer (Chen et al. 2021): GPT-2's layers over returns, states and actions, which
 * say what to do to reach a return.
 */
@NullMarked
package dev.heed.model.decision;

import org.jspecify.annotations.NullMarked;
