/**
 * MPT (MosaicML 2023): a decoder with ALiBi and without a single bias, whose projections may be
 * clamped.
 */
@NullMarked
package dev.heed.model.mpt;

import org.jspecify.annotations.NullMarked;
