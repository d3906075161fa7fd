package dev.heed.model;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.ModelCheckpoint;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.convert.CompanionFiles;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.checkpoint.gguf.GgufModel;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model in a Hugging Face folder, or in a file that says by itself what it holds.
 *
 * @param path the folder or file
 */
record ModelFolder(Path path) implements ModelFiles {
  @Override
  public String describe() {
    return path.toString();
  }

  @Override
  public <R extends Record> R config(R defaults) {
    return file("config.json") == null
        ? ConfigReader.read(describe(), json(), defaults)
        : ConfigReader.read(beside("config.json"), defaults);
  }

  @Override
  public JsonNode json() {
    if (file("config.json") == null && Files.exists(path)) {
      try (CheckpointSource source = weights()) {
        if (source instanceof ModelCheckpoint model) {
          return model.config();
        }
      }
    }
    return ConfigReader.json(beside("config.json"));
  }

  @Override
  public CheckpointSource weights() {
    CheckpointSource opened = Checkpoint.open(path);
    return opened instanceof GgufFile gguf ? GgufModel.of(gguf) : opened;
  }

  @Override
  public Tokenizer tokenizer() {
    return Tokenizer.open(path.toString().endsWith(".gguf") ? path : folder());
  }

  @Override
  public @Nullable Path file(String name) {
    Path file = beside(name);
    return Files.isRegularFile(file) ? file : null;
  }

  @Override
  public void copyCompanions(Path to) throws IOException {
    CompanionFiles.copy(folder(), to);
  }

  private Path beside(String name) {
    return folder().resolve(name);
  }

  private Path folder() {
    Path parent = path.toAbsolutePath().getParent();
    return Files.isRegularFile(path) && parent != null ? parent : path;
  }

  @Override
  public @Nullable JsonNode json(String file) {
    Path found = file(file);
    return found == null ? null : ConfigReader.json(found);
  }

  @Override
  public ModelFiles below(String part) {
    Path root = folder().toAbsolutePath().normalize();
    Path found;
    try {
      found = root.resolve(part).normalize();
    } catch (InvalidPathException e) {
      throw outside(part);
    }
    if (!found.startsWith(root)) {
      throw outside(part);
    }
    return part.isEmpty() ? this : new ModelFolder(folder().resolve(root.relativize(found)));
  }

  private CheckpointException outside(String part) {
    return new CheckpointException(
        Kind.VALUE,
        describe(),
        "a path within the folder",
        Quoted.of(part),
        "The file is damaged or hostile; get it again.");
  }
}
