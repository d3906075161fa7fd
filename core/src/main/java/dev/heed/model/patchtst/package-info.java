/**
 * PatchTST (Nie et al. 2023): Transformer layers over patches of each value's series alone, and
 * perhaps over the values of each patch.
 */
@NullMarked
package dev.heed.model.patchtst;

import org.jspecify.annotations.NullMarked;
