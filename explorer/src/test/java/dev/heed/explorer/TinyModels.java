package dev.heed.explorer;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** The embedded encoder, and recorded models of other kinds with words of their own. */
final class TinyModels {
  /** A decoder: three layers, the outer ones with windows of four tokens. */
  static final String WRITER = "writer";

  private TinyModels() {}

  static SequencedMap<String, ModelFiles> all(Path folder) throws IOException {
    SequencedMap<String, ModelFiles> models = new LinkedHashMap<>();
    models.put("all-MiniLM-L6-v2", ModelFiles.embedded());
    models.put(WRITER, writer(folder));
    return models;
  }

  static ModelFiles writer(Path folder) throws IOException {
    return TinyCheckpoint.write(
        Files.createDirectory(folder.resolve(WRITER)), "gemma2", "gpt", Map.of());
  }
}
