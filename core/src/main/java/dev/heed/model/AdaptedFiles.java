package dev.heed.model;

import dev.heed.adapt.AdaptedWeights;
import dev.heed.adapt.AdapterConfig;
import dev.heed.adapt.AdapterFolder;
import dev.heed.adapt.PrefixFolder;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A peft adapter as the model that it makes of its base: the base's files, but for those that stand
 * beside the adapter, and the base's weights with the updates added, or with a trained prefix.
 *
 * @param own what stands beside the adapter: perhaps config.json with the labels, or a tokenizer
 * @param adapter opens the updates
 * @param bases from the name in {@code base_model_name_or_path} to the base's files, null for one
 *     that is not there
 */
record AdaptedFiles(
    ModelFiles own,
    Supplier<CheckpointSource> adapter,
    Function<String, @Nullable ModelFiles> bases)
    implements ModelFiles {
  private static final String HEADED = "architectures";
  private static final List<String> TOKENIZERS = List.of("tokenizer.json", "tokenizer_config.json");
  private static final List<String> WHOLE =
      List.of("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin");

  /** Whether a folder has an adapter, and no whole model. */
  static boolean isAdapter(Path folder) {
    return Files.isRegularFile(folder.resolve(AdapterConfig.FILE))
        && Files.isRegularFile(folder.resolve(AdapterFolder.WEIGHTS))
        && WHOLE.stream().noneMatch(file -> Files.exists(folder.resolve(file)));
  }

  /** An adapter's folder. */
  static AdaptedFiles of(Path folder) {
    return new AdaptedFiles(
        new ModelFolder(folder),
        () -> SafetensorsFile.open(folder.resolve(AdapterFolder.WEIGHTS)),
        name -> {
          if (name.equals(EMBEDDED)) {
            return ModelFiles.embedded();
          }
          Path base = folder.resolve(name);
          return !name.isEmpty() && Files.exists(base) ? ModelFiles.folder(base) : null;
        });
  }

  /** A carried adapter, whose base is the encoder that Heed carries. */
  static AdaptedFiles of(CarriedModel model) {
    return new AdaptedFiles(
        model, model::adapter, name -> name.equals(EMBEDDED) ? ModelFiles.embedded() : null);
  }

  private AdapterConfig adapterConfig() {
    JsonNode json = own.json(AdapterConfig.FILE);
    if (json == null) {
      throw new CheckpointException(
          Kind.NOT_FOUND, describe(), AdapterConfig.FILE, "none", "Save the adapter again.");
    }
    return AdapterConfig.read(describe() + ", " + AdapterConfig.FILE, json);
  }

  private ModelFiles base() {
    String name = adapterConfig().baseModelNameOrPath();
    ModelFiles base = bases.apply(name);
    if (base == null) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          describe() + ", base_model_name_or_path",
          EMBEDDED + " or a folder, relative to the adapter's",
          Quoted.of(name),
          "Write the base model's folder there.");
    }
    return base;
  }

  @Override
  public String describe() {
    return own.describe();
  }

  @Override
  public <R extends Record> R config(R defaults) {
    return ConfigReader.read(describe(), json(), defaults);
  }

  @Override
  public JsonNode json() {
    JsonNode labelled = own.json("config.json");
    return labelled == null ? base().json() : labelled;
  }

  @Override
  public CheckpointSource weights() {
    AdapterConfig config = adapterConfig();
    ModelFiles base = base();
    ModelFamilies.Choice choice = ModelFamilies.of(new ModelConfig(describe(), json()));
    NameMap map = choice.family().names(choice.architecture());
    boolean sameHead = Objects.equals(json().get(HEADED), base.json().get(HEADED));
    CheckpointSource source = base.weights();
    UnaryOperator<String> names = map.of(source.names());
    return new AdaptedWeights(
        source,
        names,
        name -> sameHead || map.heads().stream().noneMatch(names.apply(name)::startsWith),
        adapter.get(),
        config);
  }

  @Override
  public @Nullable RunChange runChange(Model model) {
    AdapterConfig config = adapterConfig();
    if (!config.isVirtual()) {
      return null;
    }
    String where = describe() + ", " + AdapterConfig.FILE;
    JsonNode json = Objects.requireNonNull(own.json(AdapterConfig.FILE));
    try (CheckpointSource source = adapter.get()) {
      return config.isPrompt()
          ? new PromptedRuns(
              model, PrefixFolder.readPrompt(where, json, source, model, PromptedRuns.size(model)))
          : new PrefixedRuns(PrefixFolder.read(where, json, source, model));
    }
  }

  @Override
  public Tokenizer tokenizer() {
    boolean apart = TOKENIZERS.stream().anyMatch(file -> own.json(file) != null);
    return apart ? own.tokenizer() : base().tokenizer();
  }

  @Override
  public @Nullable JsonNode json(String file) {
    JsonNode found = own.json(file);
    return found == null ? base().json(file) : found;
  }

  @Override
  public void copyCompanions(Path to) throws IOException {
    base().copyCompanions(to);
    own.copyCompanions(to);
    // What is written there is whole.
    Files.deleteIfExists(to.resolve(AdapterConfig.FILE));
  }

  @Override
  public ModelFiles below(String path) {
    return path.isEmpty() ? this : base().below(path);
  }

  @Override
  public @Nullable Path file(String name) {
    Path found = own.file(name);
    return found == null ? base().file(name) : found;
  }
}
