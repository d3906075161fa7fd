package dev.heed.explain.edit;

/**
 * Where the difference between two texts is carried: how far the second one's run comes towards
 * what the model says of the first, with one activation of the first in it ({@link
 * dev.heed.explain.ActivationPatching}); 0 not at all, 1 wholly.
 *
 * @param clean what the model says of the first text
 * @param corrupted what it says of the second
 * @param positions {@code [layer][token]}: with the residual stream before that layer, at one token
 * @param heads {@code [layer][head]}: with the output of that head, at all tokens
 */
public record Patched(Said clean, Said corrupted, double[][] positions, double[][] heads) {}
