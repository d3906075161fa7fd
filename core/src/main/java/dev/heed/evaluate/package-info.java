/**
 * How good outputs are: the measures of the field, at the values of their reference programs.
 *
 * <p>Plain Java on texts, labels and numbers: no model, no tensor. A measure takes predictions and
 * references of the same number of items. What is not defined for its input (the correlation of a
 * constant list, an average over no classes) is {@link java.lang.Double#NaN}, never a guess; lists
 * of different lengths are refused. A {@link dev.heed.evaluate.CorpusMeasure} can be computed from
 * any selection of its items, which is what {@link dev.heed.evaluate.Bootstrap} needs.
 */
@NullMarked
package dev.heed.evaluate;

import org.jspecify.annotations.NullMarked;
