package dev.heed.model;

import dev.heed.attention.position.Llama3Scaling;
import dev.heed.attention.position.LongRopeScaling;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.ProportionalRotary;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.attention.position.YarnScaling;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a config says about rotary positions, in either spelling: {@code rope_theta}, {@code
 * rope_scaling} and {@code partial_rotary_factor}, or {@code rope_parameters}.
 *
 * @param base usually 10000
 * @param scaling how positions beyond the trained length are treated
 * @param share of a head's elements that are turned, in {@code (0, 1]}
 */
public record RotaryConfig(double base, RotaryScaling scaling, double share) {
  private static final Set<String> KEYS =
      Set.of(
          "rope_type",
          "type",
          "rope_theta",
          "partial_rotary_factor",
          "factor",
          "original_max_position_embeddings",
          "attention_factor",
          "beta_fast",
          "beta_slow",
          "truncate",
          "mscale",
          "mscale_all_dim",
          "low_freq_factor",
          "high_freq_factor",
          "short_factor",
          "long_factor",
          "finetuned");

  /**
   * What a family has where its config says nothing.
   *
   * @param base usually 10000
   * @param share of a head's elements that are turned; 1 for families that turn all of them
   */
  public record Usual(double base, double share) {
    /** Whole heads at this base. */
    public static Usual base(double base) {
      return new Usual(base, 1);
    }
  }

  /**
   * Reads the keys of a family that turns whole heads.
   *
   * @param otherwise the base where none is given
   * @param trained the length trained on
   * @throws dev.heed.checkpoint.CheckpointException for a kind of scaling or a key that Heed does
   *     not compute
   */
  public static RotaryConfig of(ModelConfig config, double otherwise, long trained) {
    RotaryConfig found = partial(config, Usual.base(otherwise), trained);
    if (found.share != 1) {
      throw config.unsupported(
          "partial_rotary_factor", "1", config.json().path("partial_rotary_factor"));
    }
    return found;
  }

  /**
   * Reads the keys of a family that may turn a part of each head.
   *
   * @param usual where the config says nothing
   * @param trained the length trained on
   * @throws dev.heed.checkpoint.CheckpointException as {@link #of}
   */
  public static RotaryConfig partial(ModelConfig config, Usual usual, long trained) {
    return partial(config, usual, trained, Set.of());
  }

  /**
   * The same for a family whose object has keys that cannot change texts.
   *
   * @param ignored those keys
   */
  public static RotaryConfig partial(
      ModelConfig config, Usual usual, long trained, Set<String> ignored) {
    config.known(
        "rope_theta",
        "rope_scaling",
        "rope_parameters",
        "partial_rotary_factor",
        "original_max_position_embeddings");
    JsonNode json = config.json();
    JsonNode parameters = json.path("rope_parameters");
    JsonNode values = parameters.isObject() ? parameters : json.path("rope_scaling");
    return read(
        config,
        values instanceof ObjectNode object ? object.deepCopy().remove(ignored) : values,
        new Usual(
            json.path("rope_theta").asDouble(usual.base()),
            json.path("partial_rotary_factor").asDouble(usual.share())),
        trained);
  }

  /**
   * Reads one object of a config.
   *
   * @param values {@code rope_scaling}, {@code rope_parameters} or one layer type's part of it
   * @param usual what it does not say
   * @param trained the length trained on
   */
  public static RotaryConfig read(ModelConfig config, JsonNode values, Usual usual, long trained) {
    Set<String> unknown = new TreeSet<>();
    values.properties().forEach(entry -> unknown.add(entry.getKey()));
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw config.unsupported("rope_parameters", "keys among " + new TreeSet<>(KEYS), values);
    }
    double share = values.path("partial_rotary_factor").asDouble(usual.share());
    double base = values.path("rope_theta").asDouble(usual.base());
    if (!(base > 0 && share > 0 && share <= 1)) {
      throw config.unsupported(
          "rope_parameters", "a rope_theta above 0 and a partial_rotary_factor in (0, 1]", values);
    }
    String kind = values.path("rope_type").asString(values.path("type").asString("default"));
    if (kind.equals("proportional")) {
      return new RotaryConfig(
          base, new ProportionalRotary(share, values.path("factor").asDouble(1)), 1);
    }
    try {
      return new RotaryConfig(base, scaling(config, kind, values, trained), share);
    } catch (IllegalArgumentException e) {
      throw config.unsupported("rope_parameters", String.valueOf(e.getMessage()), values);
    }
  }

  private static RotaryScaling scaling(
      ModelConfig config, String kind, JsonNode values, long trained) {
    return switch (kind) {
      case "default", "none" -> RotaryScaling.NONE;
      case "linear" -> new RotaryScaling.Linear(number(values, "factor"));
      case "dynamic" -> new RotaryScaling.DynamicNtk(number(values, "factor"), trained);
      case "llama3" ->
          new Llama3Scaling(
              number(values, "factor"),
              number(values, "low_freq_factor"),
              number(values, "high_freq_factor"),
              original(config, values, trained));
      case "yarn" -> yarn(config, values, trained);
      case "longrope", "su" -> longRope(config, values, trained);
      default ->
          throw config.unsupported(
              "rope_scaling",
              "rope_type default, linear, dynamic, llama3, yarn, longrope or proportional",
              values);
    };
  }

  private static YarnScaling yarn(ModelConfig config, JsonNode values, long trained) {
    long original = original(config, values, trained);
    double factor = values.path("factor").asDouble((double) trained / original);
    double mscale = values.path("mscale").asDouble(0);
    double mscaleAll = values.path("mscale_all_dim").asDouble(0);
    double magnitude =
        mscale != 0 && mscaleAll != 0
            ? YarnScaling.magnitude(factor, mscale) / YarnScaling.magnitude(factor, mscaleAll)
            : YarnScaling.magnitude(factor, 1);
    return new YarnScaling(
        factor,
        original,
        values.path("beta_fast").asDouble(32),
        values.path("beta_slow").asDouble(1),
        values.path("truncate").asBoolean(true),
        values.path("attention_factor").asDouble(magnitude));
  }

  private static LongRopeScaling longRope(ModelConfig config, JsonNode values, long trained) {
    long original = original(config, values, trained);
    double factor = values.path("factor").asDouble((double) trained / original);
    return new LongRopeScaling(
        numbers(values, "short_factor"),
        numbers(values, "long_factor"),
        original,
        values.path("attention_factor").asDouble(LongRopeScaling.magnitude(factor, original)));
  }

  /** Beside the other keys of a config first, as Phi-3 has it, else among the parameters. */
  private static long original(ModelConfig config, JsonNode values, long trained) {
    String key = "original_max_position_embeddings";
    long among = values.path(key).asLong(trained);
    return config.json().path(key).asLong(among);
  }

  private static double number(JsonNode values, String key) {
    @Nullable JsonNode value = values.get(key);
    if (value == null || !value.isNumber()) {
      throw new IllegalArgumentException("a number " + key);
    }
    return value.doubleValue();
  }

  private static List<Double> numbers(JsonNode values, String key) {
    return StreamSupport.stream(values.path(key).spliterator(), false)
        .map(JsonNode::asDouble)
        .toList();
  }

  /** The same without scaling. */
  public RotaryConfig unscaled() {
    return new RotaryConfig(base, RotaryScaling.NONE, share);
  }

  /**
   * The positions of heads of a size.
   *
   * @param headSize elements of a head
   */
  public RotaryPositions positions(PairLayout layout, long headSize) {
    return new RotaryPositions(layout, (long) (headSize * share), base, scaling);
  }
}
