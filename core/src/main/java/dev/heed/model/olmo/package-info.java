/** OLMo 1 to 3 (Groeneveld et al. 2024; OLMo Team 2025), dense and as a mixture of experts. */
@NullMarked
package dev.heed.model.olmo;

import org.jspecify.annotations.NullMarked;
