package dev.heed.model;

import dev.heed.adapt.AdapterConfig;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where a pretrained model comes from: its config, its weights, its tokenizer.
 *
 * <p>Each is opened when it is asked for, so that a command reads only what it needs, and two
 * threads may open two of them at once.
 */
public interface ModelFiles {
  /** What the authors of the {@link #embedded} encoder call it. */
  String EMBEDDED = "sentence-transformers/all-MiniLM-L6-v2";

  /** The model's name for messages: a folder, or the name of the embedded one. */
  String describe();

  /**
   * Reads the config.
   *
   * @param defaults the values of absent keys
   * @throws dev.heed.checkpoint.CheckpointException for a missing or invalid config
   */
  <R extends Record> R config(R defaults);

  /**
   * Reads the config as it stands.
   *
   * @throws dev.heed.checkpoint.CheckpointException for a missing or invalid config
   */
  JsonNode json();

  /**
   * Opens the weights.
   *
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing or invalid weights
   */
  CheckpointSource weights();

  /**
   * Opens the tokenizer.
   *
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for a missing or invalid tokenizer
   */
  Tokenizer tokenizer();

  /**
   * Begins to open the tokenizer on another thread.
   *
   * @return waits for it, and throws what {@link #tokenizer} threw
   */
  default Supplier<Tokenizer> tokenizerBeside() {
    CompletableFuture<Tokenizer> opening = CompletableFuture.supplyAsync(this::tokenizer);
    return () -> {
      try {
        return opening.join();
      } catch (CompletionException e) {
        switch (e.getCause()) {
          case RuntimeException cause -> throw cause;
          case Error cause -> throw cause;
          case null, default -> throw e;
        }
      }
    };
  }

  /**
   * Reads another JSON file that may stand beside the config, for example {@code modules.json}.
   *
   * @param file its name
   * @return null if there is none
   * @throws dev.heed.checkpoint.CheckpointException for an invalid file
   */
  @Nullable JsonNode json(String file);

  /**
   * Copies what stands beside the weights and is no part of them: tokenizer, settings of generation
   * and of front ends.
   *
   * @param to a folder
   * @throws IOException if a file cannot be read or written
   */
  void copyCompanions(Path to) throws IOException;

  /**
   * What changes each run of the model that is built of these files, such as a trained prefix.
   *
   * @param model that was built
   * @return owned by the caller; null for nothing
   */
  default @Nullable RunChange runChange(Model model) {
    return null;
  }

  /**
   * The files of a part that lies in a folder of its own, for example {@code 2_Dense}.
   *
   * @param path relative, within this folder; empty for this folder itself
   * @throws dev.heed.checkpoint.CheckpointException for a path that leads out of it
   */
  ModelFiles below(String path);

  /**
   * A file that lies beside the weights, such as {@code generation_config.json}.
   *
   * @return null if there is none
   */
  @Nullable Path file(String name);

  /**
   * A Hugging Face folder: config.json, weights of any supported kind, tokenizer.json; a file that
   * says by itself what model it holds, GGUF or llama2.c, alone or in a folder; or a peft adapter's
   * folder, which stands for the model that the adapter makes of its base.
   */
  static ModelFiles folder(Path folder) {
    return AdaptedFiles.isAdapter(folder) ? AdaptedFiles.of(folder) : new ModelFolder(folder);
  }

  /**
   * A small trained model of the artifact {@code heed-models}, from the class path.
   *
   * @param name for example {@code entities}; those that there are stand in docs/models.md
   * @throws dev.heed.checkpoint.CheckpointException {@code NOT_FOUND} if there is none
   */
  static ModelFiles carried(String name) {
    CarriedModel model = new CarriedModel(name);
    model.requireThere();
    return model.json(AdapterConfig.FILE) == null ? model : AdaptedFiles.of(model);
  }

  /** Whether the class path has a {@link #carried} model of this name. */
  static boolean carries(String name) {
    return new CarriedModel(name).isThere();
  }

  /** The all-MiniLM-L6-v2 encoder that Heed's class path carries. */
  static ModelFiles embedded() {
    return new EmbeddedEncoder();
  }

  /**
   * What a config says about its family.
   *
   * @param architectures class names, for example {@code BertForPreTraining}
   * @param modelType for example {@code bert}; empty if the config does not say
   */
  record Family(List<String> architectures, String modelType) {
    /** A config that says nothing. */
    public static final Family UNKNOWN = new Family(List.of(), "");
  }
}
