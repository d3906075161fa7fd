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
import java.util.function.Function;

/** Models behind OpenAI's HTTP interface. Closing it lets requests end first. */
public final class HeedServer implements AutoCloseable {
  /** Jina's and vLLM's, Cohere's second, and both without a version as vLLM has them too. */
  private static final List<String> RERANK = List.of("/v1/rerank", "/v2/rerank", "/rerank");

  private static final List<String> CLASSIFY = List.of("/v1/classify", "/classify");

  /** Where errors have OpenAI's shape. */
  private static final List<String> INTERFACE = List.of("/v1", "/v2", "/rerank", "/classify");

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
      Function<String, Serving> serving = operation -> new Serving(shelf, metrics, operation);
      List<WebPart> all = new ArrayList<>(Arrays.asList(parts));
      all.add(
          new StatePages(shelf, metrics, () -> started.get() != null && started.get().draining()));
      all.add(new ModelsPages(shelf, opener, settings.shelf()));
      all.add(routes -> {
        for (String prefix : INTERFACE) {
          routes.errors(prefix, OpenAiErrors.FORMAT);
        }
        routes.work(
            "/v1/chat/completions", new ChatPage(serving.apply("chat"), settings.usualLength()));
        routes.work("/v1/completions", new CompletionsPage(serving.apply("text_completion")));
        routes.work("/v1/embeddings", new EmbeddingsPage(serving.apply("embeddings")));
        for (String path : RERANK) {
          routes.work(path, new RerankPage(serving.apply("rerank")));
        }
        for (String path : CLASSIFY) {
          routes.work(path, new ClassifyPage(serving.apply("classify")));
        }
        Serving hearing = serving.apply("transcription");
        routes.work("/v1/audio/transcriptions", new TranscriptionsPage(hearing, false));
        routes.work("/v1/audio/translations", new TranscriptionsPage(hearing, true));
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
