package dev.heed.model;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A model in a Hugging Face folder. */
record ModelFolder(Path folder) implements ModelFiles {
  @Override
  public String describe() {
    return folder.toString();
  }

  @Override
  public <R extends Record> R config(R defaults) {
    return ConfigReader.read(folder.resolve("config.json"), defaults);
  }

  @Override
  public JsonNode json() {
    return ConfigReader.json(folder.resolve("config.json"));
  }

  @Override
  public CheckpointSource weights() {
    return Checkpoint.open(folder);
  }

  @Override
  public Tokenizer tokenizer() {
    return Tokenizer.open(folder);
  }

  @Override
  public @Nullable JsonNode json(String file) {
    Path path = folder.resolve(file);
    return Files.isRegularFile(path) ? ConfigReader.json(path) : null;
  }

  @Override
  public ModelFiles below(String path) {
    Path root = folder.toAbsolutePath().normalize();
    Path part;
    try {
      part = root.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw outside(path);
    }
    if (!part.startsWith(root)) {
      throw outside(path);
    }
    return path.isEmpty() ? this : new ModelFolder(folder.resolve(root.relativize(part)));
  }

  private CheckpointException outside(String path) {
    return new CheckpointException(
        Kind.VALUE,
        describe(),
        "a path within the folder",
        Quoted.of(path),
        "The file is damaged or hostile; get it again.");
  }
}
