package dev.heed.server;

import dev.heed.fixture.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Servers of tiny models: one that writes and chats, {@code writer}, and an {@code embedder}. */
final class TinyServer {
  private TinyServer() {}

  /**
   * Starts one that computes every prompt anew, so that answers do not hang on who asked before.
   *
   * @param folder for the models' files
   */
  static HeedServer start(Path folder) throws IOException {
    return start(folder, ServerSettings.local(0).withRemembered(0));
  }

  /**
   * Starts one.
   *
   * @param folder for the models' files
   * @param more folders to be served beside the two
   */
  static HeedServer start(Path folder, ServerSettings settings, Path... more) throws IOException {
    List<Path> models = new ArrayList<>();
    models.add(TinyModels.writer(folder.resolve("writer")));
    models.add(TinyModels.embedder(folder.resolve("embedder")));
    models.addAll(List.of(more));
    return HeedServer.start(settings, models);
  }
}
