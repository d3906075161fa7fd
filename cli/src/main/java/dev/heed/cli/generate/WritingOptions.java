package dev.heed.cli.generate;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.StrictJson;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.ModelOption;
import dev.heed.cli.UsageException;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.constrain.Constraint;
import dev.heed.generate.constrain.Grammar;
import dev.heed.generate.constrain.GrammarException;
import dev.heed.generate.constrain.JsonSchema;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.nn.ClosestNames;
import dev.heed.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a model writes: a mixin of the options that every writing command has. */
public final class WritingOptions {
  private static final int USUAL_LENGTH = 256;

  private final String carried;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A checkpoint's folder, or a GGUF or llama2.c file: a model that writes (default:"
              + " one that Heed carries).")
  private @Nullable Path model;

  @Option(
      names = "--assistant",
      paramLabel = "DIR",
      description =
          "A smaller model of the same vocabulary that guesses ahead; same texts, sooner.")
  private @Nullable Path assistant;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, bf16 or f16 (default: as stored).")
  private @Nullable DType dtype;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Most tokens to write (default: as the model's files say, else 256).")
  private @Nullable Integer longest;

  @Option(names = "--greedy", description = "Always take the likeliest token.")
  private boolean greedy;

  @Option(names = "--sample", description = "Draw tokens by their probabilities.")
  private boolean sample;

  @Option(names = "--temperature", paramLabel = "T", description = "Above 1: bolder; samples.")
  private @Nullable Double temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Of the K likeliest; samples.")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Of the likeliest that have this probability together; samples.")
  private @Nullable Double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Of those with this share of the best one's probability; samples.")
  private @Nullable Double minP;

  @Option(names = "--beams", paramLabel = "N", description = "Search with N beams.")
  private @Nullable Integer beams;

  @Option(
      names = "--cache-bits",
      paramLabel = "8",
      description = "Keep keys and values in 8 bits: a long text needs less memory.")
  private @Nullable Integer cacheBits;

  @Option(names = "--seed", paramLabel = "N", description = "Of sampling (default: 0).")
  private long seed;

  @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text; repeatable.")
  private List<String> stops = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any key of a generation_config.json, its value as JSON; repeatable.")
  private Map<String, String> keys = new LinkedHashMap<>();

  @ArgGroup private @Nullable Form form;

  /** What the texts must be. */
  private static final class Form {
    @Option(
        names = "--regex",
        paramLabel = "REGEX",
        description = "Write only what matches this expression as a whole.")
    private @Nullable String regex;

    @Option(
        names = "--grammar",
        paramLabel = "FILE",
        description = "Write only what these rules say, in GBNF or W3C EBNF; the first is root.")
    private @Nullable Path grammar;

    @Option(
        names = "--json-schema",
        paramLabel = "FILE",
        description = "Write only JSON that is valid by this schema.")
    private @Nullable Path schema;

    @Option(names = "--json-only", description = "Write only a JSON object or list.")
    private boolean json;

    Grammar grammar() {
      try {
        if (regex != null) {
          return Grammar.regex(regex);
        }
        if (grammar != null) {
          return Grammar.parse(read("--grammar", grammar));
        }
        return schema != null
            ? JsonSchema.grammar(
                StrictJson.parse(
                    schema.toString(),
                    read("--json-schema", schema).getBytes(StandardCharsets.UTF_8)))
            : JsonSchema.any();
      } catch (GrammarException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }

    private static String read(String option, Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw FileTrouble.of(option, file, e);
      }
    }
  }

  /**
   * The options of a command.
   *
   * @param carried the carried model that writes where no other is named
   */
  WritingOptions(String carried) {
    this.carried = carried;
  }

  /** Opens the model. */
  TextGenerator open() {
    TextGenerator writer = TextGenerator.open(files(), dtype);
    try {
      if (assistant != null) {
        writer.assist(assistant(assistant));
      }
      return writer;
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  ModelFiles files() {
    return model == null ? ModelFiles.carried(carried) : ModelOption.files("--model", model);
  }

  private Model assistant(Path folder) {
    ModelLoader loader = ModelLoader.of(ModelOption.files("--assistant", folder));
    return dtype == null ? loader.load() : loader.as(dtype).load();
  }

  /** What the model's files and the options say together. */
  SearchSettings settings(TextGenerator writer) {
    GenerationConfig config = writer.config();
    Map<String, JsonNode> given = config.given();
    if (longest == null
        && !given.containsKey("max_new_tokens")
        && !given.containsKey("max_length")) {
      config = config.with("max_new_tokens", USUAL_LENGTH);
    }
    boolean drawn = sample || temperature != null || topK != null || topP != null || minP != null;
    if (greedy && drawn) {
      throw new UsageException("--greedy excludes sampling and its options: give one of them");
    }
    try {
      config = with(config, "--max-new-tokens", "max_new_tokens", longest);
      config = greedy ? config.with("do_sample", false) : config;
      config = drawn ? config.with("do_sample", true) : config;
      config = with(config, "--temperature", "temperature", temperature);
      config = with(config, "--top-k", "top_k", topK);
      config = with(config, "--top-p", "top_p", topP);
      config = with(config, "--min-p", "min_p", minP);
      config = with(config, "--beams", "num_beams", beams);
      config = stops.isEmpty() ? config : config.with("stop_strings", stops);
      if (cacheBits != null) {
        config =
            config
                .with("cache_implementation", "quantized")
                .with("cache_config", Map.of("nbits", cacheBits));
      }
      for (Map.Entry<String, String> key : keys.entrySet()) {
        config = with(config, "--set", known(key.getKey()), json(key.getValue()));
      }
    } catch (IllegalArgumentException | CheckpointException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    SearchSettings settings = SearchSettings.of(config).withSeed(seed);
    return form == null
        ? settings
        : Constraint.of(form.grammar(), writer.tokenizer(), config.tokens().eosTokenId())
            .on(settings);
  }

  private static GenerationConfig with(
      GenerationConfig config, String option, String key, @Nullable Object value) {
    try {
      return value == null ? config : config.with(key, value);
    } catch (CheckpointException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = String.valueOf(cause.getMessage());
      throw new UsageException(
          option
              + ": "
              + (message.startsWith(key + ": ") && !option.equals("--set")
                  ? message.substring(key.length() + 2)
                  : message));
    }
  }

  private static String known(String key) {
    if (GenerationConfig.knows(key)) {
      return key;
    }
    List<String> close = ClosestNames.to(key, GenerationConfig.keys());
    throw new UsageException(
        "--set: no key of a generation_config.json is called "
            + key
            + (close.isEmpty()
                ? "; there are " + String.join(", ", GenerationConfig.keys())
                : "; did you mean " + String.join(" or ", close) + "?"));
  }

  private static JsonNode json(String value) {
    try {
      return JsonMapper.shared().readTree(value);
    } catch (JacksonException e) {
      return JsonMapper.shared().getNodeFactory().stringNode(value);
    }
  }
}
