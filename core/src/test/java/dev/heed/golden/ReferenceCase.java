package dev.heed.golden;

import java.util.function.Function;

/**
 * How to compute what one recording holds.
 *
 * @param name of the recording's file, without its ending
 * @param body builds the mechanism from the recording and runs it; called once in each precision
 */
public record ReferenceCase(String name, Function<Recording, Results> body) {
  /** A case of this name. */
  public static ReferenceCase of(String name, Function<Recording, Results> body) {
    return new ReferenceCase(name, body);
  }
}
