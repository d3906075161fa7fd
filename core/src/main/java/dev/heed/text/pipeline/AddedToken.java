package dev.heed.text.pipeline;

/**
 * A token that is found in a text before anything else is done with it.
 *
 * @param id its number
 * @param content its spelling, not empty
 * @param singleWord whether it counts only where no word character touches it
 * @param leftStrip whether it swallows the white space before it
 * @param rightStrip whether it swallows the white space behind it
 * @param normalized whether it is looked for in the normalised text
 * @param special whether decoding may leave it out
 */
public record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean leftStrip,
    boolean rightStrip,
    boolean normalized,
    boolean special) {}
