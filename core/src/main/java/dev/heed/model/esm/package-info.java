/** ESM-1b and ESM-2 (Lin et al. 2023): encoders of proteins, an amino acid a token. */
@NullMarked
package dev.heed.model.esm;

import org.jspecify.annotations.NullMarked;
