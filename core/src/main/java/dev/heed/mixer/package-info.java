/**
 * What mixes a sequence otherwise than by exact attention: linear attention, memories of earlier
 * segments, state spaces, recurrences and convolutions; and the catalogue that builds any mixer,
 * attention's own too, by name.
 *
 * <p>Each stands behind {@link dev.heed.attention.SequenceMixer}, so that one takes another's place
 * in a model.
 */
@NullMarked
package dev.heed.mixer;

import org.jspecify.annotations.NullMarked;
