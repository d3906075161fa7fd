package dev.heed.explorer;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.model.ModelFiles;
import dev.heed.web.WebServer;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Models that are looked into from a browser. */
public final class Explorer implements AutoCloseable {
  /** An image or a sound to look at is not large; a text is shorter still. */
  private static final int BODY_BYTES = 16 << 20;

  private final SequencedMap<String, ExploredModel> models = new LinkedHashMap<>();
  private final LongPages longTexts = new LongPages(models);
  private final WebServer web;

  private Explorer(WebSettings settings, Map<String, ModelFiles> files, Map<String, Path> runs)
      throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("models: expected one or more, got none");
    }
    try {
      files.forEach((name, of) -> models.put(name, ExploredModel.open(name, of)));
      WebSettings.Limits limits = settings.limits();
      web =
          WebServer.start(
              settings.withLimits(limits.withBodyBytes(Math.min(BODY_BYTES, limits.bodyBytes()))),
              new PageFiles(),
              new AttentionPages(models),
              longTexts,
              new WritingPages(models),
              new EditPages(models),
              new AlignmentPages(models),
              new MeaningPages(models),
              new EvidencePages(models),
              new MechanismPages(models),
              new TrainingPages(models, runs));
    } catch (IOException | RuntimeException e) {
      models.values().forEach(ExploredModel::close);
      throw e;
    }
  }

  /**
   * Opens models and starts.
   *
   * @param settings where it listens, whom it answers; of a body at most 16 MiB is read
   * @param models by the names they are shown under; the first is shown first
   * @return owned by the caller
   * @throws IOException if it cannot listen where it shall
   * @throws CheckpointException for a model that cannot be opened, or neither reads nor sees nor
   *     hears
   * @throws IllegalArgumentException for settings that are not safe, or no model
   */
  public static Explorer start(WebSettings settings, Map<String, ModelFiles> models)
      throws IOException {
    return start(settings, models, Map.of());
  }

  /**
   * Opens models and starts, beside training runs that may be under way.
   *
   * @param settings where it listens, whom it answers; of a body at most 1 MiB is read
   * @param models by the names they are shown under; the first is shown first
   * @param runs folders as {@code heed train --out} names them, by the names they are shown under;
   *     what a run's checkpoints are shown in is one of the models
   * @return owned by the caller
   * @throws IOException if it cannot listen where it shall
   * @throws CheckpointException for a model that cannot be opened, or reads no text
   * @throws IllegalArgumentException for settings that are not safe, or no model
   */
  public static Explorer start(
      WebSettings settings, Map<String, ModelFiles> models, Map<String, Path> runs)
      throws IOException {
    return new Explorer(settings, models, runs);
  }

  /** Where it is reached, for example {@code http://127.0.0.1:8080}. */
  public String address() {
    return web.address();
  }

  /** The names of the models, in order. */
  public List<String> models() {
    return List.copyOf(models.sequencedKeySet());
  }

  /** How many requests are being answered. */
  int running() {
    return web.running();
  }

  /** Lets go of the long text that is held, if one is. */
  void forget() {
    longTexts.close();
  }

  @Override
  public void close() {
    web.close();
    longTexts.close();
    models.values().forEach(ExploredModel::close);
  }
}
