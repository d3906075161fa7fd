package dev.heed.explorer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a training run, as {@code heed train --out} writes it: {@code training.jsonl}, a
 * JSON object a line, and {@code checkpoints/update-…}.
 *
 * @param folder of the run; may be empty as yet
 */
record TrainingRun(Path folder) {
  private static final String LOG = "training.jsonl";
  private static final Pattern CHECKPOINT = Pattern.compile("update-(\\d{9,18})");

  /** So much of a log is read at once. */
  private static final int MOST_BYTES = 1 << 20;

  /**
   * A part of a log.
   *
   * @param from where the next part begins
   * @param more whether there is more at once
   * @param again whether the log has begun anew, so that what was read before is void
   * @param lines objects, in order
   * @param checkpoints the updates after which one is there now
   */
  record Part(
      long from, boolean more, boolean again, List<JsonNode> lines, List<Long> checkpoints) {}

  /** Whole lines from a place on; a line that is no JSON object is left out. */
  Part read(long asked) throws IOException {
    Path log = folder.resolve(LOG);
    List<JsonNode> lines = new ArrayList<>();
    if (!Files.isRegularFile(log)) {
      return new Part(0, false, asked > 0, lines, checkpoints());
    }
    try (SeekableByteChannel file = Files.newByteChannel(log)) {
      boolean again = asked > file.size();
      long from = again ? 0 : asked;
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST_BYTES, file.size() - from));
      file.position(from);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // until the part is read
      }
      int end = bytes.position();
      while (end > 0 && bytes.get(end - 1) != '\n') {
        end--;
      }
      for (String line : new String(bytes.array(), 0, end, StandardCharsets.UTF_8).split("\n")) {
        JsonNode json = object(line);
        if (json != null) {
          lines.add(json);
        }
      }
      boolean more = end > 0 && from + end < file.size() && bytes.position() == MOST_BYTES;
      return new Part(from + end, more, again, lines, checkpoints());
    }
  }

  private static @org.jspecify.annotations.Nullable JsonNode object(String line) {
    try {
      JsonNode json = JsonMapper.shared().readTree(line);
      return json.isObject() ? json : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** The updates after which a checkpoint is there, in order. */
  List<Long> checkpoints() throws IOException {
    Path all = folder.resolve("checkpoints");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    List<Long> found = new ArrayList<>();
    try (Stream<Path> children = Files.list(all)) {
      for (Path child : (Iterable<Path>) children::iterator) {
        Matcher name = CHECKPOINT.matcher(String.valueOf(child.getFileName()));
        if (name.matches() && Files.isRegularFile(child.resolve("weights.safetensors"))) {
          found.add(Long.valueOf(name.group(1)));
        }
      }
    }
    found.sort(null);
    return found;
  }

  /** The weights of a checkpoint that is there. */
  Path weights(long update) {
    return folder
        .resolve("checkpoints")
        .resolve(String.format(Locale.ROOT, "update-%09d", update))
        .resolve("weights.safetensors");
  }
}
