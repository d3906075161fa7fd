package dev.heed.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing the doctor looked at.
 *
 * @param name what was looked at
 * @param state how it is
 * @param value what was seen
 * @param remedy what to do about it; null when nothing is to be done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Finding(String name, State state, String value, @Nullable String remedy) {

  /** How well something is. */
  enum State {
    /** As it should be. */
    OK,
    /** Heed works, but slower or with less. */
    WEAK,
    /** Heed does not work. */
    BROKEN
  }

  static Finding ok(String name, String value) {
    return new Finding(name, State.OK, value, null);
  }

  static Finding weak(String name, String value, String remedy) {
    return new Finding(name, State.WEAK, value, remedy);
  }

  static Finding broken(String name, String value, String remedy) {
    return new Finding(name, State.BROKEN, value, remedy);
  }
}
