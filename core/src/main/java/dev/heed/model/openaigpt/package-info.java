/**
 * GPT (Radford et al. 2018): GPT-2's parts with norms after each sum, and none after the layers.
 */
@NullMarked
package dev.heed.model.openaigpt;

import org.jspecify.annotations.NullMarked;
