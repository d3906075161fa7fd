package dev.heed.evaluate;

/**
 * A named entity in a sentence of tokens.
 *
 * @param type for example {@code PER}; {@code _} where tags name none
 * @param start its first token, from 0
 * @param end its last token
 */
public record EntitySpan(String type, int start, int end) {}
