package dev.heed.vector;

/**
 * A vector that was found.
 *
 * @param id its name
 * @param distance from the one searched for, by the store's {@link Metric}
 * @param group what it is part of
 * @param payload what was kept with it
 */
public record Near(long id, double distance, long group, byte[] payload) {}
