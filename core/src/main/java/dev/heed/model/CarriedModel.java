package dev.heed.model;

import dev.heed.adapt.AdapterFolder;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A small trained model of the artifact {@code dev.heed:heed-models}, read from the class path: the
 * files of a Hugging Face folder, or of a peft adapter, as resources below {@code
 * /dev/heed/models/<name>/}.
 *
 * @param name for example {@code entities}
 */
record CarriedModel(String name) implements ModelFiles {
  private static final String ROOT = "/dev/heed/models/";
  private static final String NAME = "[a-z0-9-]+";
  private static final String CONFIG = "config.json";
  private static final String TOKENIZER = "tokenizer.json";

  /** What stands beside the weights, where a model has it. */
  private static final List<String> COMPANIONS =
      List.of(
          TOKENIZER,
          "tokenizer_config.json",
          "generation_config.json",
          "preprocessor_config.json",
          "README.md");

  boolean isThere() {
    return name.matches(NAME) && find(CONFIG) != null;
  }

  void requireThere() {
    if (!isThere()) {
      throw missing(CONFIG);
    }
  }

  @Override
  public String describe() {
    return "heed-models' " + name;
  }

  @Override
  public <R extends Record> R config(R defaults) {
    return ConfigReader.read(describe(), json(), defaults);
  }

  @Override
  public JsonNode json() {
    return ConfigReader.json(describe(), require(CONFIG));
  }

  @Override
  public CheckpointSource weights() {
    return opened("model.safetensors");
  }

  /** The updates of an adapter. */
  CheckpointSource adapter() {
    return opened(AdapterFolder.WEIGHTS);
  }

  private CheckpointSource opened(String file) {
    return SafetensorsFile.of(describe(), MemorySegment.ofArray(require(file)));
  }

  @Override
  public Tokenizer tokenizer() {
    return Tokenizer.of(describe(), require(TOKENIZER));
  }

  @Override
  public @Nullable JsonNode json(String file) {
    byte[] bytes = read(file);
    return bytes == null ? null : ConfigReader.json(describe() + ", " + file, bytes);
  }

  @Override
  public void copyCompanions(Path to) throws IOException {
    for (String file : COMPANIONS) {
      byte[] bytes = read(file);
      if (bytes != null) {
        Files.write(to.resolve(file), bytes);
      }
    }
  }

  @Override
  public ModelFiles below(String path) {
    if (path.isEmpty()) {
      return this;
    }
    throw new IllegalArgumentException(describe() + " is one part, got the path " + path);
  }

  /** A resource is no file. */
  @Override
  public @Nullable Path file(String name) {
    return null;
  }

  private @Nullable URL find(String file) {
    return CarriedModel.class.getResource(ROOT + name + "/" + file);
  }

  private byte @Nullable [] read(String file) {
    URL found = find(file);
    if (found == null) {
      return null;
    }
    try (InputStream in = found.openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] require(String file) {
    byte[] bytes = read(file);
    if (bytes == null) {
      throw missing(file);
    }
    return bytes;
  }

  private CheckpointException missing(String file) {
    return new CheckpointException(
        Kind.NOT_FOUND,
        describe(),
        "the resource " + ROOT + name + "/" + file + " in the class path",
        "none",
        "Add dev.heed:heed-models, or name a model folder.");
  }
}
