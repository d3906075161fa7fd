package dev.heed.server;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.web.WebPart;
import dev.heed.web.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Models behind OpenAI's HTTP interface. Closing it lets requests end first. */
public final class HeedServer implements AutoCloseable {
  private final ModelShelf shelf = new ModelShelf();
  private final WebServer web;

  private HeedServer(ServerSettings settings, List<Path> models, WebPart... parts)
      throws IOException {
    ModelOpener opener = new ModelOpener(settings);
    AtomicReference<WebServer> started = new AtomicReference<>();
    try {
      for (Path model : models) {
        ServedModel opened = opener.open(model);
        if (shelf.all().stream().anyMatch(other -> other.name().equals(opened.name()))) {
          opened.close();
          throw new IllegalArgumentException(
              "model: expected folders of different names, got two that are called "
                  + opened.name());
        }
        shelf.put(opened);
      }
      Metrics metrics = new Metrics();
      List<WebPart> all = new ArrayList<>(Arrays.asList(parts));
      all.add(
          new StatePages(shelf, metrics, () -> started.get() != null && started.get().draining()));
      all.add(new ModelsPages(shelf, opener, settings.shelf()));
      all.add(routes -> {
        routes.errors("/v1", OpenAiErrors.FORMAT);
        routes.work("/v1/chat/completions", new ChatPage(shelf, metrics, settings.usualLength()));
        routes.work("/v1/completions", new CompletionsPage(shelf, metrics));
        routes.work("/v1/embeddings", new EmbeddingsPage(shelf, metrics));
        routes.work("/v1/rerank", new RerankPage(shelf, metrics));
        routes.work("/v1/classify", new ClassifyPage(shelf, metrics));
        routes.work("/v1/audio/transcriptions", new TranscriptionsPage(shelf, metrics, false));
        routes.work("/v1/audio/translations", new TranscriptionsPage(shelf, metrics, true));
      });
      web = WebServer.start(settings.web(), all.toArray(WebPart[]::new));
      started.set(web);
    } catch (IOException | RuntimeException e) {
      shelf.close();
      throw e;
    }
  }

  /**
   * Opens models and starts.
   *
   * @param models folders or files of checkpoints, served under their own names
   * @param parts further pages beside the interface
   * @throws IOException if it cannot listen where it shall
   * @throws CheckpointException for a model that cannot be opened
   * @throws IllegalArgumentException for settings that are not safe, or two models of one name
   */
  public static HeedServer start(ServerSettings settings, List<Path> models, WebPart... parts)
      throws IOException {
    return new HeedServer(settings, models, parts);
  }

  /** Where it is reached, for example {@code http://127.0.0.1:8080}. */
  public String address() {
    return web.address();
  }

  /** The names of the models that are served now. */
  public List<String> models() {
    return shelf.all().stream().map(ServedModel::name).toList();
  }

  @Override
  public void close() {
    web.close();
    shelf.close();
  }
}
