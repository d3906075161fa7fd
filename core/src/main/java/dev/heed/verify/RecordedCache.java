package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.attention.GrowingKeys;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two recorded calls of decoding: the first fills the state, the second gives one more token.
 * Both calls' inputs are {@code cache.NAME_step1} and {@code cache.NAME_step2}.
 */
final class RecordedCache {
  private static final String KEYS = "cache.past_key_values.";

  /** A state of fixed size, at the path of a numbered layer. */
  private static final Pattern FIXED =
      Pattern.compile("\\.(\\d+)\\.[^0-9]*(conv_state|recurrent_state)$");

  private static final Pattern NUMBERED = Pattern.compile("\\.(\\d+)\\.[^0-9]*state\\.(\\d+)$");

  /** More layers than a model has in a row without keys. */
  private static final int MOST_BETWEEN = 64;

  private RecordedCache() {}

  /** Results by key: {@code cache.logits_step1}, the state after it, {@code cache.logits_step2}. */
  static Map<String, Tensor> run(Model model, GoldenFile recorded, ModelInput whole, DType dtype) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    if (!recorded.has("cache.logits_step1")) {
      return results;
    }
    return TensorScope.run(() -> {
      try (DecodeState state = new DecodeState()) {
        results.put("cache.logits_step1", step(model, recorded, whole, dtype, 1, state));
        state(recorded, state, results);
        results.put("cache.logits_step2", step(model, recorded, whole, dtype, 2, state));
      }
      return results;
    });
  }

  /** What a decoder alone carries, and under {@code self} and {@code cross} what another does. */
  private static void state(GoldenFile recorded, DecodeState state, Map<String, Tensor> results) {
    int layer = 0;
    for (GrowingKeys part : state.allKeys().values()) {
      DecodeState.Entry entry = part.read();
      layer = withKeys(recorded, layer);
      for (String group : new String[] {KEYS, KEYS + "self."}) {
        put(recorded, group + layer + ".key", entry.keys(), results);
        put(recorded, group + layer + ".value", entry.values(), results);
      }
      layer++;
    }
    state
        .states()
        .forEach((name, value) -> {
          Matcher found = FIXED.matcher(name);
          if (found.find()) {
            results.put(KEYS + found.group(1) + "." + found.group(2), value.copy());
          }
        });
    numbered(state, results);
    int crossKeys = 0;
    int crossValues = 0;
    for (Map.Entry<String, Tensor> once : state.allOnce().entrySet()) {
      if (once.getKey().endsWith(".k")) {
        results.put(KEYS + "cross." + crossKeys++ + ".key", once.getValue().copy());
      } else if (once.getKey().endsWith(".v")) {
        results.put(KEYS + "cross." + crossValues++ + ".value", once.getValue().copy());
      }
    }
  }

  /** The next recorded layer that has keys: those without have a number too. */
  private static int withKeys(GoldenFile recorded, int layer) {
    for (int next = layer; next < layer + MOST_BETWEEN; next++) {
      if (recorded.has(KEYS + next + ".key")) {
        return next;
      }
    }
    return layer;
  }

  /** States that have a number are recorded as {@code [B, width, layers]} each (RWKV). */
  private static void numbered(DecodeState state, Map<String, Tensor> results) {
    SortedMap<String, SortedMap<Integer, Tensor>> byNumber = new TreeMap<>();
    state
        .states()
        .forEach((name, value) -> {
          Matcher found = NUMBERED.matcher(name);
          if (found.find()) {
            byNumber
                .computeIfAbsent(found.group(2), number -> new TreeMap<>())
                .put(Integer.valueOf(found.group(1)), value);
          }
        });
    byNumber.forEach((number, layers) ->
        results.put("cache.state." + number, Tensor.stack(List.copyOf(layers.values()), -1)));
  }

  /** Some references keep a shared key head once for each query head that reads it (Falcon). */
  private static void put(
      GoldenFile recorded, String key, Tensor value, Map<String, Tensor> results) {
    long heads = recorded.has(key) ? recorded.read(key).size(1) : value.size(1);
    boolean repeated = heads > value.size(1) && heads % value.size(1) == 0;
    results.put(key, repeated ? value.repeatInterleave(heads / value.size(1), 1) : value.copy());
  }

  private static Tensor step(
      Model model,
      GoldenFile recorded,
      ModelInput whole,
      DType dtype,
      int step,
      DecodeState state) {
    String end = "_step" + step;
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    boolean reads = model.kind() == ModelKind.ENCODER_DECODER;
    if (reads && step == 1) {
      // What the encoder reads is that of the whole case, unless the step has its own.
      whole.tensors().entrySet().stream()
          .filter(input -> isEncoders(input.getKey()))
          .filter(input -> !recorded.has("cache." + input.getKey() + end))
          .forEach(input -> inputs.put(input.getKey(), input.getValue()));
    }
    for (String name : recorded.group("cache")) {
      if (name.endsWith(end) && !name.startsWith("logits")) {
        String input = name.substring(0, name.length() - end.length());
        Tensor value = recorded.read("cache." + name);
        if (!reads || step == 1 || !isEncoders(input)) {
          inputs.put(input, value.dtype().isFloating() ? value.to(dtype) : value);
        }
      }
    }
    return model.apply(ModelInput.of(inputs).with(state)).logits();
  }

  private static boolean isEncoders(String input) {
    return !input.startsWith("decoder_") && !input.equals("labels");
  }
}
