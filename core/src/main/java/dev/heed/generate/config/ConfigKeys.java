package dev.heed.generate.config;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Which keys a generation config may have, and what becomes of each. */
final class ConfigKeys {
  private static final String REMEDY = "Take it out of the file to generate without it.";

  /** The records that the keys are components of. */
  private static final List<Class<? extends Record>> HONOURED =
      List.of(
          LengthOptions.class,
          SpecialTokens.class,
          SearchOptions.class,
          SamplingOptions.class,
          RuleOptions.class,
          DraftOptions.class,
          CacheOptions.class,
          WhisperOptions.class);

  /** Keys that change how the reference computes or what it hands back, but no token. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "_from_model_config",
          "_commit_hash",
          "transformers_version",
          "trust_remote_code",
          "use_cache",
          "low_memory",
          "return_dict_in_generate",
          "return_legacy_cache",
          "output_attentions",
          "output_hidden_states",
          "output_scores",
          "output_logits",
          "prefill_chunk_size",
          "disable_compile",
          "compile_config",
          "is_assistant",
          "return_token_timestamps",
          "median_filter_width");

  /** Keys that would change tokens in a way that is not offered, with their values for "off". */
  private static final Map<String, Set<String>> REFUSED =
      Map.ofEntries(
          Map.entry("constraints", Set.of()),
          Map.entry("token_healing", Set.of("false")),
          Map.entry("dola_layers", Set.of()),
          Map.entry("assistant_early_exit", Set.of()),
          Map.entry("assistant_lookbehind", Set.of("10")),
          Map.entry("target_lookbehind", Set.of("10")),
          Map.entry("generation_kwargs", Set.of("{}")),
          Map.entry("custom_generate", Set.of()),
          Map.entry("continuous_batching_config", Set.of()),
          Map.entry(
              "cache_implementation",
              Set.of(
                  "\"dynamic\"",
                  "\"quantized\"",
                  "\"static\"",
                  "\"hybrid\"",
                  "\"sliding_window\"",
                  "\"offloaded\"",
                  "\"offloaded_static\"",
                  "\"offloaded_hybrid\"",
                  "\"dynamic_full\"",
                  "\"hybrid_chunked\"")));

  /** Keys whose values are objects, and the keys of those that are honoured. */
  private static final Map<String, Set<String>> WITHIN =
      Map.of(
          "cache_config",
          Set.of("nbits", "q_group_size"),
          "watermarking_config",
          Set.of("greenlist_ratio", "bias", "hashing_key", "seeding_scheme", "context_width"));

  private ConfigKeys() {}

  /**
   * Refuses a key that is unknown or asks for what is not offered.
   *
   * @throws CheckpointException {@code UNSUPPORTED}
   */
  static void require(String where, String key, JsonNode value) {
    Set<String> neutral = REFUSED.get(key);
    if (neutral == null && (honoured().contains(key) || WITHOUT_EFFECT.contains(key))) {
      requireWithin(where, key, value);
      return;
    }
    if (neutral == null) {
      Set<String> all = new TreeSet<>(honoured());
      throw new CheckpointException(
          Kind.UNSUPPORTED, where, "keys among " + all, Quoted.of(key), REMEDY);
    }
    if (!neutral.contains(value.toString())) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "no " + key + (neutral.isEmpty() ? "" : " but " + String.join(", ", neutral)),
          Quoted.of(value.toString()),
          REMEDY);
    }
  }

  private static void requireWithin(String where, String key, JsonNode value) {
    Set<String> known = WITHIN.getOrDefault(key, Set.of());
    for (String given : known.isEmpty() ? List.<String>of() : value.propertyNames()) {
      if (!known.contains(given)) {
        throw new CheckpointException(
            Kind.UNSUPPORTED,
            where + ", " + key,
            "keys among " + new TreeSet<>(known),
            Quoted.of(given),
            REMEDY);
      }
    }
  }

  /** Whether a key is of any use. */
  static boolean knows(String key) {
    return honoured().contains(key) || WITHOUT_EFFECT.contains(key) || REFUSED.containsKey(key);
  }

  /** The keys that change what is generated. */
  static Set<String> honoured() {
    return HONOURED.stream()
        .flatMap(type -> Arrays.stream(type.getRecordComponents()))
        .map(RecordComponent::getName)
        .map(ConfigKeys::key)
        .collect(Collectors.toSet());
  }

  private static String key(String component) {
    return component.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }
}
