package dev.heed.model;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A model in a Hugging Face folder. */
record ModelFolder(Path folder) implements ModelFiles {
  /** The part of sentence-transformers' {@code sentence_bert_config.json} that Heed needs. */
  private record SentenceConfig(int maxSeqLength) {}

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
  public int longestSentence() {
    Path file = folder.resolve("sentence_bert_config.json");
    SentenceConfig unlimited = new SentenceConfig(Integer.MAX_VALUE);
    return Files.isRegularFile(file)
        ? ConfigReader.read(file, unlimited).maxSeqLength()
        : Integer.MAX_VALUE;
  }
}
