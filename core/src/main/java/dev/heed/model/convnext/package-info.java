/**
 * ConvNeXt (Liu et al. 2022, "A ConvNet for the 2020s"): depthwise convolutions in the place of
 * attention, so that there is no attention to show.
 */
@NullMarked
package dev.heed.model.convnext;

import org.jspecify.annotations.NullMarked;
