package dev.heed.server;

import dev.heed.generate.TextListener;
import dev.heed.generate.search.SearchSettings;

/**
 * A text that somebody waits for.
 *
 * @param client who asks, for turns
 * @param prompt tokens
 * @param settings of one result
 * @param due the {@code System.nanoTime} by which it must have ended
 * @param listener is told each token
 */
record WriteRequest(
    String client, int[] prompt, SearchSettings settings, long due, TextListener listener) {}
