/**
 * DeBERTa (He et al. 2021) and its second and third version (He et al. 2023): encoders whose words
 * meet words and distances apart.
 */
@NullMarked
package dev.heed.model.deberta;

import org.jspecify.annotations.NullMarked;
