/**
 * Language models of any mixer in the catalogue ({@link dev.heed.mixer.catalogue.MixerCatalogue}),
 * which a config names.
 */
@NullMarked
package dev.heed.model.mixer;

import org.jspecify.annotations.NullMarked;
