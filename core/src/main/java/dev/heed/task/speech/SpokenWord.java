package dev.heed.task.speech;

/**
 * A word and when it is said.
 *
 * @param text the word, with the punctuation that is written to it
 * @param start in seconds from the sound's beginning
 * @param end in seconds
 * @param probability the geometric mean of what the model gave its tokens or letters
 */
public record SpokenWord(String text, double start, double end, double probability) {}
