package dev.heed.model;

import dev.heed.attention.DecodeState;
import dev.heed.attention.GrowingKeys;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The two recorded calls of decoding: the first fills the state, the second gives one more token.
 * Both calls' inputs are {@code cache.NAME_step1} and {@code cache.NAME_step2}.
 */
final class RecordedCache {
  private RecordedCache() {}

  /** Results by key: {@code cache.logits_step1}, the state after it, {@code cache.logits_step2}. */
  static Map<String, Tensor> run(Model model, GoldenFile recorded) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    if (!recorded.has("cache.logits_step1")) {
      return results;
    }
    return TensorScope.run(() -> {
      try (DecodeState state = new DecodeState()) {
        results.put("cache.logits_step1", step(model, recorded, 1, state));
        int layer = 0;
        for (GrowingKeys keys : state.allKeys().values()) {
          String name = "cache.past_key_values." + layer++;
          results.put(name + ".key", keys.entry().keys().copy());
          results.put(name + ".value", keys.entry().values().copy());
        }
        results.put("cache.logits_step2", step(model, recorded, 2, state));
      }
      return results;
    });
  }

  private static Tensor step(Model model, GoldenFile recorded, int step, DecodeState state) {
    String end = "_step" + step;
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (String name : recorded.group("cache")) {
      if (name.endsWith(end) && !name.startsWith("logits")) {
        inputs.put(name.substring(0, name.length() - end.length()), recorded.read("cache." + name));
      }
    }
    return model.apply(ModelInput.of(inputs).with(state)).logits();
  }
}
