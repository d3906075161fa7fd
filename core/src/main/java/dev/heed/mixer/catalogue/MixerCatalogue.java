package dev.heed.mixer.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All mixers, by name. */
public final class MixerCatalogue {
  private static final Map<String, MixerEntry> ENTRIES = new LinkedHashMap<>();

  static {
    Stream.of(
            SoftmaxMixers.ALL,
            SparseMixers.ALL,
            LinearMixers.ALL,
            MemoryMixers.ALL,
            StateSpaceMixers.ALL,
            RecurrentMixers.ALL)
        .flatMap(List::stream)
        .forEach(entry -> ENTRIES.put(entry.name(), entry));
  }

  private MixerCatalogue() {}

  /** All of them, kindred ones beside each other. */
  public static List<MixerEntry> entries() {
    return List.copyOf(ENTRIES.values());
  }

  /** The names of all, in the order of {@link #entries}. */
  public static List<String> names() {
    return List.copyOf(ENTRIES.keySet());
  }

  /**
   * The mixer of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static MixerEntry named(String name) {
    MixerEntry entry = ENTRIES.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("mixer: expected one of " + names() + ", got " + name);
    }
    return entry;
  }
}
