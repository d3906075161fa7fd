/**
 * CLIP (Radford et al. 2021) and SigLIP (Zhai et al. 2023): one encoder of texts, one of images,
 * and how alike what they say is.
 */
@NullMarked
package dev.heed.model.clip;

import org.jspecify.annotations.NullMarked;
