package dev.heed.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How far back a layer of a decoder sees, as a config's {@code layer_types} says. */
public enum LayerType {
  /** All tokens before a query. */
  FULL("full_attention"),
  /** The last tokens before a query, itself included. */
  SLIDING("sliding_attention"),
  /** The tokens before a query within its chunk of the text. */
  CHUNKED("chunked_attention");

  private final String configName;

  LayerType(String configName) {
    this.configName = configName;
  }

  /**
   * Reads {@code layer_types}.
   *
   * @param layers how many there are
   * @param known the types that the family has
   * @param otherwise the type of a layer, from 0, where the config says nothing
   * @throws dev.heed.checkpoint.CheckpointException for another name, or for too many or too few
   */
  public static List<LayerType> of(
      ModelConfig config, int layers, List<LayerType> known, IntFunction<LayerType> otherwise) {
    config.known("layer_types");
    JsonNode given = config.json().path("layer_types");
    if (given.isMissingNode() || given.isNull()) {
      return IntStream.range(0, layers).mapToObj(otherwise).toList();
    }
    List<LayerType> types = new ArrayList<>();
    given.forEach(name ->
        known.stream()
            .filter(type -> type.configName.equals(name.asString("")))
            .findFirst()
            .ifPresent(types::add));
    if (types.size() != given.size() || types.size() != layers) {
      throw config.unsupported(
          "layer_types",
          layers + " of " + Arrays.toString(known.stream().map(t -> t.configName).toArray()),
          given);
    }
    return types;
  }

  /**
   * Reads which layers attend, where the others mix in another way.
   *
   * @param key of the list, usually {@code layer_types}
   * @param layers how many there are
   * @param attention the name of a layer that attends
   * @param other the name of one that does not
   * @param otherwise whether a layer, from 0, attends where the config says nothing
   * @throws dev.heed.checkpoint.CheckpointException for another name, or for too many or too few
   */
  public static List<Boolean> attending(
      ModelConfig config,
      String key,
      int layers,
      String attention,
      String other,
      IntPredicate otherwise) {
    config.known(key);
    JsonNode given = config.json().path(key);
    if (given.isMissingNode() || given.isNull()) {
      return IntStream.range(0, layers).mapToObj(otherwise::test).toList();
    }
    List<String> names = new ArrayList<>();
    given.forEach(name -> names.add(name.asString("")));
    if (names.size() != layers || !List.of(attention, other).containsAll(names)) {
      throw config.unsupported(key, layers + " of " + attention + " and " + other, given);
    }
    return names.stream().map(attention::equals).toList();
  }

  /**
   * How many keys a query sees in each layer, 0 for all before it.
   *
   * @param width of layers that do not see all tokens, the query included
   * @throws dev.heed.checkpoint.CheckpointException if such a layer has no width from 1
   */
  public static List<Integer> windows(
      ModelConfig config, List<LayerType> types, @Nullable Integer width) {
    return reaches(config, types, width).stream().map(Reach::width).toList();
  }

  /**
   * How far back each layer sees.
   *
   * @param width of layers that do not see all tokens, the query included
   * @throws dev.heed.checkpoint.CheckpointException if such a layer has no width from 1
   */
  public static List<Reach> reaches(
      ModelConfig config, List<LayerType> types, @Nullable Integer width) {
    boolean all = types.stream().allMatch(type -> type == FULL);
    if (!all && (width == null || width < 1)) {
      String key = types.contains(CHUNKED) ? "attention_chunk_size" : "sliding_window";
      throw config.unsupported(
          key, "a width from 1 for layers that do not see all tokens", config.json().get(key));
    }
    return types.stream()
        .map(type -> type == FULL || width == null ? Reach.ALL : new Reach(type, width))
        .toList();
  }
}
