package dev.heed.train.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the user of a dialogue wants, as a text that a language model writes (Hosseini-Asl et al., A
 * Simple Language Model for Task-Oriented Dialogue, 2020, section 3): the intent, then {@code
 * slot=value} with semicolons between.
 *
 * @param intent for example {@code ReserveRestaurant}, or {@code NONE}
 * @param slots values by the names of slots, in the order in which they were said
 */
public record BeliefState(String intent, Map<String, String> slots) {
  /** Copies the slots. */
  public BeliefState {
    slots = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(slots));
  }

  /** Reads what {@link #toString} wrote; what is no {@code slot=value} is left out. */
  public static BeliefState parse(String text) {
    String[] parts = text.strip().split(" ", 2);
    Map<String, String> slots = new LinkedHashMap<>();
    for (String part : parts.length < 2 ? new String[0] : parts[1].split(";")) {
      int at = part.indexOf('=');
      if (at > 0) {
        slots.put(part.substring(0, at).strip(), part.substring(at + 1).strip());
      }
    }
    return new BeliefState(parts[0], slots);
  }

  /** This state changed by what a later turn says: its intent, and its slots over these. */
  public BeliefState then(BeliefState later) {
    Map<String, String> both = new LinkedHashMap<>(slots);
    both.putAll(later.slots());
    return new BeliefState(later.intent(), both);
  }

  @Override
  public String toString() {
    String said =
        slots.entrySet().stream()
            .map(slot -> slot.getKey() + "=" + slot.getValue())
            .collect(Collectors.joining("; "));
    return said.isEmpty() ? intent : intent + " " + said;
  }
}
