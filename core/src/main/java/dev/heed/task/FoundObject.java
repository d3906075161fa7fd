package dev.heed.task;

import dev.heed.vision.DetectedObject;

/**
 * An object in an image.
 *
 * @param name of its class, as the config has it
 * @param box where it is, in pixels of the image as it was given, and how probable its class is
 */
public record FoundObject(String name, DetectedObject box) {}
