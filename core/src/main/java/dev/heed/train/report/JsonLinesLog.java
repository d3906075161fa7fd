package dev.heed.train.report;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.WholeFile;
import dev.heed.train.TrainingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file of one JSON object a line: for each update {@code update}, {@code epoch}, {@code loss},
 * {@code gradient_norm}, {@code clipped}, {@code rate}, {@code tokens}, {@code seconds}; for each
 * score {@code update}, {@code metric}, {@code score}, {@code best}.
 */
public final class JsonLinesLog implements TrainingListener {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;

  /** A log at this place; what is there is gone on with. */
  public JsonLinesLog(Path file) {
    this.file = file;
  }

  /** Leaves out lines of later updates, and a last line that a crash cut. */
  @Override
  public void started(long update, long of) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      List<String> kept = new ArrayList<>();
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          if (isUntil(line, update)) {
            kept.add(line);
          }
        }
      }
      WholeFile.fill(file, part -> Files.write(part, kept));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static boolean isUntil(String line, long update) {
    try {
      return JSON.readTree(line).path("update").asLong(Long.MAX_VALUE) <= update;
    } catch (JacksonException e) {
      return false;
    }
  }

  @Override
  public void updated(Update update) {
    ObjectNode line = JSON.createObjectNode();
    line.put("update", update.number());
    line.put("epoch", update.epoch());
    line.put("loss", update.loss());
    line.put("gradient_norm", update.gradientNorm());
    line.put("clipped", update.clipped());
    line.put("rate", update.rate());
    line.put("tokens", update.tokens());
    line.put("seconds", update.seconds());
    append(line);
  }

  @Override
  public void evaluated(Score score) {
    ObjectNode line = JSON.createObjectNode();
    line.put("update", score.update());
    line.put("metric", score.metric());
    line.put("score", score.score());
    line.put("best", score.best());
    append(line);
  }

  private void append(ObjectNode line) {
    try {
      Files.write(
          file,
          (line + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private CheckpointException failed(IOException cause) {
    return new CheckpointException(
        Kind.IO,
        file.toString(),
        "a log that can be written",
        String.valueOf(cause.getMessage()),
        "Check its permissions and the free space.",
        cause);
  }
}
