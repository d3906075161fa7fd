package dev.heed.adapt;

import java.util.Collection;
import java.util.Locale;

/** Which biases of a model learn beside low-rank updates, named as peft's {@code bias}. */
public enum TrainedBiases {
  /** None. */
  NONE,
  /** All of the model. */
  ALL,
  /** Those of the maps that have updates. */
  LORA_ONLY;

  /**
   * Whether a parameter is one of them.
   *
   * @param name of the parameter in the model
   * @param paths of the maps that have updates
   */
  public boolean include(String name, Collection<String> paths) {
    boolean bias = name.endsWith(".bias");
    return switch (this) {
      case NONE -> false;
      case ALL -> bias;
      case LORA_ONLY -> bias && paths.contains(name.substring(0, name.length() - ".bias".length()));
    };
  }

  /** As peft writes it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
