/**
 * {@code heed evaluate}: one command a measure, each extending {@link
 * dev.heed.cli.evaluate.MeasureCommand}.
 *
 * <p>Predictions and references are files in the formats of the field; no model is run.
 */
@NullMarked
package dev.heed.cli.evaluate;

import org.jspecify.annotations.NullMarked;
