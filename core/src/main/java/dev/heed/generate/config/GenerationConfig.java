package dev.heed.generate.config;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a model generates: a {@code generation_config.json}, and what a caller sets over it.
 *
 * @param lengths how long sequences get
 * @param tokens tokens that mean something to the search
 * @param search how the next tokens are looked for
 * @param sampling how they are drawn
 * @param rules penalties, bans and commands
 * @param draft how far ahead is guessed
 * @param cache how what is known of earlier tokens is kept
 * @param whisper what speech recognition adds
 * @param given every key that was set, as JSON
 */
public record GenerationConfig(
    LengthOptions lengths,
    SpecialTokens tokens,
    SearchOptions search,
    SamplingOptions sampling,
    RuleOptions rules,
    DraftOptions draft,
    CacheOptions cache,
    WhisperOptions whisper,
    Map<String, JsonNode> given) {
  /** What holds where nothing is said. */
  public static final GenerationConfig DEFAULTS = of("generation config", Map.of());

  private static final long MAX_BYTES = 16L << 20;

  /** Copies the map. */
  public GenerationConfig {
    given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
  }

  /** The keys that change what is generated, in order. */
  public static SortedSet<String> keys() {
    return new TreeSet<>(ConfigKeys.honoured());
  }

  /** Whether a key may stand in a file: it is honoured, known to change no token, or refused. */
  public static boolean knows(String key) {
    return ConfigKeys.knows(key);
  }

  /**
   * Reads a file.
   *
   * @param file a {@code generation_config.json}
   * @throws CheckpointException {@code NOT_FOUND}, {@code IO}, {@code TOO_LARGE}, {@code
   *     MALFORMED}, {@code DUPLICATE}, {@code VALUE} for a value of the wrong type or outside its
   *     range, {@code UNSUPPORTED} for a key that is unknown or not offered
   */
  public static GenerationConfig read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException(
            Kind.NOT_FOUND, file.toString(), "a generation config", "nothing", "Check the path.");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new CheckpointException(
            Kind.TOO_LARGE,
            file.toString(),
            "at most " + MAX_BYTES + " bytes",
            Files.size(file) + "",
            "The file is damaged or hostile; get it again.");
      }
      return of(file.toString(), StrictJson.parse(file.toString(), Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          file.toString(),
          "a readable file",
          String.valueOf(e.getMessage()),
          "Check its permissions.",
          e);
    }
  }

  /**
   * Reads JSON that is in memory already.
   *
   * @param where a name for messages
   * @param json an object; keys of null count as absent
   * @throws CheckpointException as {@link #read}
   */
  public static GenerationConfig of(String where, JsonNode json) {
    if (!json.isObject()) {
      throw new CheckpointException(
          Kind.VALUE, where, "an object", json.getNodeType().toString(), "Get the file again.");
    }
    Map<String, JsonNode> given = new LinkedHashMap<>();
    json.properties().forEach(entry -> given.put(entry.getKey(), entry.getValue()));
    return of(where, given);
  }

  /**
   * Reads what a {@code config.json} says of generation, as older checkpoints do that have no
   * config of their own for it.
   *
   * @param where a name for messages
   * @param json an object; keys that are not about generation are left alone
   * @throws CheckpointException {@code VALUE}
   */
  public static GenerationConfig ofModelConfig(String where, JsonNode json) {
    Map<String, JsonNode> given = new LinkedHashMap<>();
    json.properties()
        .forEach(entry -> {
          if (ConfigKeys.honoured().contains(entry.getKey())) {
            given.put(entry.getKey(), entry.getValue());
          }
        });
    return of(where, given);
  }

  private static GenerationConfig of(String where, Map<String, JsonNode> given) {
    ObjectNode uniform = JsonMapper.shared().createObjectNode();
    given.forEach((key, value) -> {
      if (!value.isNull()) {
        ConfigKeys.require(where, key, value);
        uniform.set(key, ConfigShapes.uniform(key, value));
      }
    });
    return new GenerationConfig(
        ConfigReader.read(where, uniform, LengthOptions.DEFAULTS),
        ConfigReader.read(where, uniform, SpecialTokens.DEFAULTS),
        ConfigReader.read(where, uniform, SearchOptions.DEFAULTS),
        ConfigReader.read(where, uniform, SamplingOptions.DEFAULTS),
        ConfigReader.read(where, uniform, RuleOptions.DEFAULTS),
        ConfigReader.read(where, uniform, DraftOptions.DEFAULTS),
        ConfigReader.read(where, uniform, CacheOptions.DEFAULTS),
        ConfigReader.read(where, uniform, WhisperOptions.DEFAULTS),
        given);
  }

  /**
   * The same config with one key set.
   *
   * @param key as in the file
   * @param value a number, truth value, string, list or JSON tree; null takes the key out
   * @throws CheckpointException as {@link #read}
   */
  public GenerationConfig with(String key, @Nullable Object value) {
    Map<String, JsonNode> changed = new LinkedHashMap<>(given);
    changed.put(key, JsonMapper.shared().valueToTree(value));
    return of("generation config", changed);
  }

  /**
   * The same config with the keys of another object set.
   *
   * @param where a name for messages
   * @param json an object
   * @throws CheckpointException as {@link #read}
   */
  public GenerationConfig withAll(String where, JsonNode json) {
    Map<String, JsonNode> changed = new LinkedHashMap<>(given);
    json.properties().forEach(entry -> changed.put(entry.getKey(), entry.getValue()));
    return of(where, changed);
  }

  /** The {@code transformers_version} that wrote it; empty if it does not say. */
  public String version() {
    JsonNode version = given.get("transformers_version");
    return version == null ? "" : version.asString("");
  }
}
