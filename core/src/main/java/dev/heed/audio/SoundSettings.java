package dev.heed.audio;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The keys of a {@code preprocessor_config.json} for sounds. Each is read, or known to change
 * nothing, or refused by its name.
 */
final class SoundSettings {
  /** Bookkeeping, and tables that follow from the other keys. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "feature_extractor_type",
          "processor_class",
          "auto_map",
          "return_tensors",
          "mel_filters",
          "window",
          "_processor_class");

  /** The most filters that a bank has. */
  static final int MOST_FILTERS = 512;

  private static final int HIGHEST_RATE = 192_000;
  private static final long MOST_NUMBERS = 1 << 26;

  private final String where;
  private final JsonNode json;
  private final Set<String> read = new LinkedHashSet<>(WITHOUT_EFFECT);

  SoundSettings(String where, JsonNode json) {
    this.where = where;
    this.json = json;
  }

  /** The extractor's class, as the config names it. */
  String type() {
    return json.path("feature_extractor_type").asString("");
  }

  CheckpointException unknownType() {
    return error(
        "feature_extractor_type to be one of WhisperFeatureExtractor, Wav2Vec2FeatureExtractor,"
            + " Speech2TextFeatureExtractor, SeamlessM4TFeatureExtractor, ASTFeatureExtractor",
        Quoted.of(type()));
  }

  /** A whole number from 1 to a limit. */
  int size(String key, int absent, int most) {
    JsonNode value = value(key);
    if (value == null) {
      return absent;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > most) {
      throw error(key + " from 1 to " + most, Quoted.of(value.toString()));
    }
    return value.intValue();
  }

  /** The sampling rate that sounds are brought to. */
  int rate() {
    int rate = size("sampling_rate", 16_000, HIGHEST_RATE);
    if (rate < Sound.LOWEST_RATE) {
      throw error("sampling_rate of at least " + Sound.LOWEST_RATE, rate + "");
    }
    return rate;
  }

  /** How many numbers two sizes make, which are to be held in memory. */
  int product(String what, int one, int other) {
    long product = (long) one * other;
    if (product > MOST_NUMBERS) {
      throw error(what + " of at most " + MOST_NUMBERS, product + "");
    }
    return (int) product;
  }

  double number(String key, double absent) {
    JsonNode value = value(key);
    if (value == null) {
      return absent;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw error(key + " a number", Quoted.of(value.toString()));
    }
    return value.doubleValue();
  }

  boolean flag(String key, boolean absent) {
    JsonNode value = value(key);
    if (value == null) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw error(key + " true or false", Quoted.of(value.toString()));
    }
    return value.booleanValue();
  }

  /** Refuses any value of a key but one. */
  void require(String key, Object only) {
    JsonNode value = value(key);
    boolean same =
        value == null
            || (only instanceof Number number
                ? value.isNumber() && value.doubleValue() == number.doubleValue()
                : value.asString("").equals(only.toString()));
    if (!same) {
      throw error(key + " " + only, Quoted.of(String.valueOf(value)));
    }
  }

  /** What every extractor pads with and where. */
  void requireUsualPadding() {
    require("padding_side", "right");
    require("dither", 0);
  }

  /** Refuses keys that nothing has read. */
  void requireAllRead() {
    Set<String> left = new TreeSet<>(json.propertyNames());
    left.removeAll(read);
    if (!left.isEmpty()) {
      throw error("keys that Heed knows of " + type(), Quoted.list(left));
    }
  }

  private @org.jspecify.annotations.Nullable JsonNode value(String key) {
    read.add(key);
    JsonNode value = json.get(key);
    return value == null || value.isNull() ? null : value;
  }

  private CheckpointException error(String expected, String got) {
    return new CheckpointException(
        Kind.UNSUPPORTED,
        where,
        expected,
        got,
        "It may change features, so it is not left out in silence.");
  }
}
