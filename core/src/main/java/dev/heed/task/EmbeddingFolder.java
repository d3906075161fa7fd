package dev.heed.task;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.Quoted;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.model.Places;
import dev.heed.nn.Activation;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the files of a sentence-transformers folder: {@code modules.json} and what it names, {@code
 * sentence_bert_config.json}, {@code config_sentence_transformers.json}. What they ask for and Heed
 * does not do is refused by name.
 *
 * <p>A folder without {@code modules.json} is read by the mean of its states, normalised.
 */
final class EmbeddingFolder {
  private static final Map<String, Pooling> KINDS =
      Map.of(
          "cls", Pooling.CLS,
          "max", Pooling.MAX,
          "mean", Pooling.MEAN,
          "mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LEN,
          "weightedmean", Pooling.WEIGHTED_MEAN,
          "lasttoken", Pooling.LAST);

  /** In the order in which several stand side by side. */
  private static final Map<String, Pooling> MODES = new LinkedHashMap<>();

  static {
    MODES.put("pooling_mode_cls_token", Pooling.CLS);
    MODES.put("pooling_mode_max_tokens", Pooling.MAX);
    MODES.put("pooling_mode_mean_tokens", Pooling.MEAN);
    MODES.put("pooling_mode_mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LEN);
    MODES.put("pooling_mode_weightedmean_tokens", Pooling.WEIGHTED_MEAN);
    MODES.put("pooling_mode_lasttoken", Pooling.LAST);
  }

  /** Says nothing about vectors. */
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "word_embedding_dimension",
          "embedding_dimension",
          "__version__",
          "model_type",
          "similarity_fn_name",
          "transformer_task",
          "modality_config",
          "module_output_name");

  private final ModelFiles files;
  private final List<Pooling> pooling = new ArrayList<>();
  private final List<DenseMap> dense = new ArrayList<>();
  private boolean countsPrompt = true;
  private boolean normalised;
  private String encoder = "";

  private EmbeddingFolder(ModelFiles files) {
    this.files = files;
  }

  /**
   * What a folder holds.
   *
   * @param recipe what is done with the states; its maps are owned by the caller
   * @param encoder the files of what makes the states
   */
  record Contents(EmbeddingRecipe recipe, ModelFiles encoder) {}

  /** Reads a folder. */
  static Contents read(ModelFiles files) {
    EmbeddingFolder folder = new EmbeddingFolder(files);
    try {
      return folder.contents();
    } catch (RuntimeException e) {
      folder.dense.forEach(map -> map.map().close());
      throw e;
    }
  }

  private Contents contents() {
    JsonNode modules = files.json("modules.json");
    if (modules == null) {
      pooling.add(Pooling.MEAN);
      normalised = true;
    } else {
      for (JsonNode module : modules) {
        module(module);
      }
      if (pooling.isEmpty()) {
        throw refused("modules.json", "a Pooling module", modules);
      }
    }
    ModelFiles inner = files.below(encoder);
    JsonNode sentence = inner.json("sentence_bert_config.json");
    boolean lowercases = false;
    if (sentence != null) {
      requireKnown(
          "sentence_bert_config.json", sentence, Set.of("max_seq_length", "do_lower_case"));
      lowercases = sentence.path("do_lower_case").asBoolean(false);
    }
    Map<String, String> prompts = new LinkedHashMap<>();
    String prompt = prompts(prompts);
    return new Contents(
        new EmbeddingRecipe(
            List.copyOf(pooling),
            countsPrompt,
            List.copyOf(dense),
            normalised,
            lowercases,
            longest(inner, sentence),
            prompts,
            prompt),
        inner);
  }

  private void module(JsonNode module) {
    String type = module.path("type").asString("");
    String path = module.path("path").asString("");
    String kind = type.substring(type.lastIndexOf('.') + 1);
    if (normalised && kind.equals("Dense")) {
      throw refused("modules.json", "Normalize as the last module", module);
    }
    switch (kind) {
      case "Transformer" -> encoder = path;
      case "Pooling" -> pooling(path + "/config.json", part(path));
      case "Dense" -> dense(path);
      case "Normalize" -> normalised = true;
      case "Dropout" -> {} // of training alone
      default ->
          throw refused(
              "modules.json", "modules Transformer, Pooling, Dense, Normalize or Dropout", module);
    }
  }

  private JsonNode part(String path) {
    JsonNode config = files.below(path).json("config.json");
    if (config == null) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          files.describe(),
          path + "/config.json, which modules.json names",
          "none",
          "Copy the whole folder of the model.");
    }
    return config;
  }

  private void pooling(String where, JsonNode config) {
    List<Pooling> found = new ArrayList<>();
    JsonNode named = config.path("pooling_mode");
    if (named.isString()) {
      Pooling kind = KINDS.get(named.stringValue());
      if (kind == null) {
        throw refused(where + ", pooling_mode", "one of " + KINDS.keySet(), named);
      }
      found.add(kind);
    }
    MODES.forEach((key, mode) -> {
      if (config.path(key).asBoolean(false) && !found.contains(mode)) {
        found.add(mode);
      }
    });
    Set<String> known = new TreeSet<>(MODES.keySet());
    known.addAll(List.of("pooling_mode", "include_prompt"));
    requireKnown(where, config, known);
    if (found.isEmpty() && config.has("pooling_mode_mean_tokens")) {
      throw refused(where, "a pooling mode that is true", config);
    }
    pooling.addAll(found.isEmpty() ? List.of(Pooling.MEAN) : found);
    countsPrompt = config.path("include_prompt").asBoolean(true);
  }

  private void dense(String path) {
    JsonNode config = part(path);
    String where = path + "/config.json";
    requireKnown(
        where, config, Set.of("in_features", "out_features", "bias", "activation_function"));
    String name = config.path("activation_function").asString("torch.nn.modules.activation.Tanh");
    Activation activation =
        switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
          case "identity" -> Activation.LINEAR;
          case "tanh" -> Activation.TANH;
          case "relu" -> Activation.RELU;
          case "gelu" -> Activation.GELU;
          case "silu" -> Activation.SILU;
          case "sigmoid" -> Activation.SIGMOID;
          default ->
              throw refused(
                  where + ", activation_function",
                  "Identity, Tanh, ReLU, GELU, SiLU or Sigmoid",
                  config.path("activation_function"));
        };
    int in = config.path("in_features").asInt(0);
    int out = config.path("out_features").asInt(0);
    if (in < 1 || out < 1) {
      throw refused(where, "in_features and out_features from 1", config);
    }
    ModelFiles part = files.below(path);
    try (CheckpointSource source = part.weights()) {
      Weights weights = Weights.from(source, DType.F32);
      try {
        Linear map =
            Linear.of(weights.child("linear"), in, out, config.path("bias").asBoolean(true));
        weights.requireAllUsed();
        dense.add(new DenseMap(map, activation));
      } catch (RuntimeException e) {
        weights.discard();
        throw ModelLoader.misfit(new ModelConfig(files.describe() + ", " + where, config), e);
      }
    }
  }

  /** Puts the prompts into the map and gives the name of the usual one. */
  private @Nullable String prompts(Map<String, String> prompts) {
    JsonNode config = files.json("config_sentence_transformers.json");
    if (config == null) {
      return null;
    }
    config
        .path("prompts")
        .properties()
        .forEach(entry -> prompts.put(entry.getKey(), entry.getValue().asString("")));
    JsonNode name = config.path("default_prompt_name");
    if (!name.isString()) {
      return null;
    }
    if (!prompts.containsKey(name.stringValue())) {
      throw refused(
          "config_sentence_transformers.json, default_prompt_name",
          "one of " + prompts.keySet(),
          name);
    }
    return name.stringValue();
  }

  /** As sentence-transformers: what is set, else what tokenizer and positions allow together. */
  private int longest(ModelFiles inner, @Nullable JsonNode sentence) {
    int most = Places.longest(new ModelConfig(inner.describe(), inner.json()));
    JsonNode set = sentence == null ? null : sentence.get("max_seq_length");
    if (set == null || set.isNull()) {
      JsonNode tokenizer = inner.json("tokenizer_config.json");
      set = tokenizer == null ? null : tokenizer.get("model_max_length");
      // Where no length is set, the file holds 1e30.
      if (set == null || !set.isNumber() || set.doubleValue() > Integer.MAX_VALUE) {
        return most;
      }
    }
    if (!set.isIntegralNumber() || set.asLong() < 1) {
      throw refused("max_seq_length", "a whole number from 1, or null", set);
    }
    return Math.toIntExact(Math.min(most, set.asLong()));
  }

  private void requireKnown(String where, JsonNode config, Set<String> known) {
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      JsonNode value = entry.getValue();
      boolean empty = value.isNull() || ((value.isObject() || value.isArray()) && value.isEmpty());
      if (!known.contains(entry.getKey()) && !BOOKKEEPING.contains(entry.getKey()) && !empty) {
        throw refused(where + ", " + entry.getKey(), "keys " + known, value);
      }
    }
  }

  private CheckpointException refused(String where, String expected, JsonNode got) {
    return new CheckpointException(
        Kind.UNSUPPORTED,
        files.describe() + ", " + where,
        expected,
        Quoted.of(got.toString()),
        "Heed does not compute this.");
  }
}
