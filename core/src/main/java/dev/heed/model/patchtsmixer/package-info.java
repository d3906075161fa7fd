/**
 * PatchTSMixer (Ekambaram et al. 2023): feed-forward networks over patches, over each patch's
 * vector and perhaps over values, gated by attention, and perhaps a small self-attention over
 * patches.
 */
@NullMarked
package dev.heed.model.patchtsmixer;

import org.jspecify.annotations.NullMarked;
