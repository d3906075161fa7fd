package dev.heed.train;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.train.data.DataPosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code training.json} of a checkpoint.
 *
 * @param progress how far the run is
 * @param configuration what must be the same when it goes on
 * @param files beside it
 */
record TrainingRecord(Progress progress, Map<String, String> configuration, Set<String> files) {
  private static final String FILE = "training.json";
  private static final int FORMAT = 1;
  private static final int BUFFER = 1 << 16;

  /** What the file holds; a checksum is that of CRC-32C. */
  private record Content(
      int format,
      long updates,
      long epoch,
      int batch,
      long tokens,
      double firstLosses,
      double smoothedLoss,
      List<Scored> scores,
      Map<String, String> configuration,
      Map<String, Long> checksums) {
    static final Content ABSENT = new Content(0, 0, 0, 0, 0, 0, 0, List.of(), Map.of(), Map.of());
  }

  private record Scored(long update, double score) {}

  static void write(
      Path folder, Progress progress, Map<String, String> configuration, Collection<String> files) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("format", FORMAT);
    json.put("updates", progress.updates);
    json.put("epoch", progress.position.epoch());
    json.put("batch", progress.position.batch());
    json.put("tokens", progress.tokens);
    json.put("first_losses", progress.firstLosses);
    json.put("smoothed_loss", progress.smoothedLoss);
    var scores = json.putArray("scores");
    progress.scores.forEach(
        scored -> scores.addObject().put("update", scored.update()).put("score", scored.score()));
    ObjectNode options = json.putObject("configuration");
    configuration.forEach(options::put);
    ObjectNode sums = json.putObject("checksums");
    files.forEach(file -> sums.put(file, checksum(folder.resolve(file))));
    try {
      Files.writeString(folder.resolve(FILE), json.toPrettyString() + "\n");
    } catch (IOException e) {
      throw failed(folder.resolve(FILE), e);
    }
  }

  /**
   * Reads the record and checks the files beside it.
   *
   * @throws CheckpointException if one is missing or damaged
   */
  static TrainingRecord read(Path folder) {
    Path file = folder.resolve(FILE);
    Content content = ConfigReader.read(file, Content.ABSENT);
    if (content.format() != FORMAT) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file + ", format",
          String.valueOf(FORMAT),
          String.valueOf(content.format()),
          "Resume with the version of Heed that wrote it.");
    }
    content.checksums().forEach((name, sum) -> requireSum(folder.resolve(name), sum));
    Progress progress = new Progress();
    progress.updates = content.updates();
    progress.position = new DataPosition(content.epoch(), content.batch());
    progress.tokens = content.tokens();
    progress.firstLosses = content.firstLosses();
    progress.smoothedLoss = content.smoothedLoss();
    content
        .scores()
        .forEach(
            scored -> progress.scores.add(new Progress.Scored(scored.update(), scored.score())));
    return new TrainingRecord(progress, content.configuration(), content.checksums().keySet());
  }

  private static void requireSum(Path file, long expected) {
    long got = checksum(file);
    if (got != expected) {
      throw new CheckpointException(
          Kind.VALUE,
          file.toString(),
          "the bytes that were written, with checksum " + Long.toHexString(expected),
          Long.toHexString(got),
          "The file is damaged: remove its folder to go on from the checkpoint before it.");
    }
  }

  private static long checksum(Path file) {
    CRC32C sum = new CRC32C();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sum.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
    return sum.getValue();
  }

  private static CheckpointException failed(Path file, IOException cause) {
    return new CheckpointException(
        Kind.IO,
        file.toString(),
        "a file of a checkpoint",
        String.valueOf(cause.getMessage()),
        "Check its permissions and the free space.",
        cause);
  }
}
