/** Phi-1 to Phi-4 (Gunasekar et al. 2023; Abdin et al. 2024). */
@NullMarked
package dev.heed.model.phi;

import org.jspecify.annotations.NullMarked;
