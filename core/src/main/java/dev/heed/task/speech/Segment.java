package dev.heed.task.speech;

/**
 * A stretch of speech between two timestamps that the model itself wrote.
 *
 * @param start in seconds from the sound's beginning
 * @param end in seconds
 * @param text what is said
 */
public record Segment(double start, double end, String text) {}
