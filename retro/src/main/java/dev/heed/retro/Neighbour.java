package dev.heed.retro;

/**
 * A chunk that was retrieved, with what follows it.
 *
 * @param document the number of the text it comes from
 * @param place the number of the chunk in that text, from 0
 * @param tokens the chunk and its continuation: from one chunk's length, at the end of a text, to
 *     two
 * @param distance squared Euclidean, between its key and the one searched for
 */
public record Neighbour(long document, int place, long[] tokens, double distance) {}
