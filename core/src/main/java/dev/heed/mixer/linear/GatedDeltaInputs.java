package dev.heed.mixer.linear;

import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a gated delta net makes of its tokens, in the layout in which a checkpoint stores the maps.
 *
 * @param mixed queries, keys and values side by side, {@code [B, L, 2·K + V]}
 * @param gate {@code [B, L, V]}
 * @param rate β before its sigmoid, {@code [B, L, value heads]}
 * @param step of forgetting, before its bias, {@code [B, L, value heads]}
 */
record GatedDeltaInputs(Tensor mixed, Tensor gate, Tensor rate, Tensor step) {
  /** How the maps are stored. */
  enum Layout {
    /** {@code in_proj_qkv}, {@code in_proj_z}, {@code in_proj_b}, {@code in_proj_a} (Qwen 3.5). */
    SEPARATE(GatedDeltaInputs::separate),
    /**
     * {@code in_proj_qkvz} with, for each key head, its query, its key, and the values and gates of
     * the value heads that share it; {@code in_proj_ba} likewise (Qwen3-Next).
     */
    BY_KEY_HEAD(GatedDeltaInputs::byKeyHead);

    private final BiFunction<Weights, GatedDeltaConfig, Function<Tensor, GatedDeltaInputs>> maps;

    Layout(BiFunction<Weights, GatedDeltaConfig, Function<Tensor, GatedDeltaInputs>> maps) {
      this.maps = maps;
    }

    Function<Tensor, GatedDeltaInputs> maps(Weights weights, GatedDeltaConfig config) {
      return maps.apply(weights, config);
    }
  }

  private static Linear map(Weights weights, String name, GatedDeltaConfig config, long out) {
    return Linear.of(weights.child(name), config.size(), out, false);
  }

  private static Function<Tensor, GatedDeltaInputs> separate(
      Weights weights, GatedDeltaConfig config) {
    Linear mixed = map(weights, "in_proj_qkv", config, config.convolved());
    Linear gate = map(weights, "in_proj_z", config, config.values());
    Linear rate = map(weights, "in_proj_b", config, config.valueHeads());
    Linear step = map(weights, "in_proj_a", config, config.valueHeads());
    return x -> new GatedDeltaInputs(mixed.apply(x), gate.apply(x), rate.apply(x), step.apply(x));
  }

  private static Function<Tensor, GatedDeltaInputs> byKeyHead(
      Weights weights, GatedDeltaConfig config) {
    long both = 2 * config.values();
    Linear vectors = map(weights, "in_proj_qkvz", config, 2 * config.keys() + both);
    Linear numbers = map(weights, "in_proj_ba", config, 2 * config.valueHeads());
    long own = config.shared() * config.valueSize();
    return x -> {
      // [B, L, key heads, query + key + values + gates of one]
      Tensor heads =
          vectors.apply(x).unflatten(-1, config.keyHeads(), 2 * config.keySize() + 2 * own);
      List<Tensor> parts = heads.split(-1, config.keySize(), config.keySize(), own, own);
      List<Tensor> flat = parts.stream().map(part -> part.flatten(-2, -1)).toList();
      List<Tensor> pair =
          numbers.apply(x).unflatten(-1, config.keyHeads(), 2 * config.shared()).chunk(2, -1);
      return new GatedDeltaInputs(
          Tensor.cat(flat.subList(0, 3), -1),
          flat.get(3),
          pair.get(0).flatten(-2, -1),
          pair.get(1).flatten(-2, -1));
    };
  }
}
