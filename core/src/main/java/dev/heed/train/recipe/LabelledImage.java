package dev.heed.train.recipe;

import dev.heed.vision.RgbImage;

/**
 * An image and its class.
 *
 * @param where file and place, for messages
 */
record LabelledImage(String where, RgbImage image, String label) {}
