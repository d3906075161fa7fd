package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.nn.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a checkpoint to a folder as Hugging Face does: one {@code model.safetensors}, or several
 * of limited size and the index that joins them.
 */
public final class ShardedWriter {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ShardedWriter() {}

  /**
   * Writes a source's tensors.
   *
   * @param folder must exist
   * @param source where they are read, one at a time
   * @param mostBytes the largest file, unless one tensor alone is larger
   * @param metadata free text for each file
   * @throws CheckpointException as {@link SafetensorsWriter#write(Path, Map, Map)}, and what the
   *     source throws
   */
  public static void write(
      Path folder, WeightSource source, long mostBytes, Map<String, String> metadata) {
    List<List<String>> shards = shards(source, mostBytes);
    if (shards.size() == 1) {
      SafetensorsWriter.write(
          folder.resolve("model.safetensors"), source, shards.getFirst(), metadata);
      return;
    }
    ObjectNode index = JSON.createObjectNode();
    long total = source.names().stream().mapToLong(n -> SafetensorsWriter.bytes(source, n)).sum();
    index.putObject("metadata").put("total_size", total);
    ObjectNode map = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      String name =
          String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      SafetensorsWriter.write(folder.resolve(name), source, shards.get(i), metadata);
      shards.get(i).forEach(tensor -> map.put(tensor, name));
    }
    Path file = folder.resolve("model.safetensors.index.json");
    try {
      WholeFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(index));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          file.toString(),
          "a folder that can be written to",
          String.valueOf(e.getMessage()),
          "Check its permissions and the free space.",
          e);
    }
  }

  /** Names in the source's order, cut where a file would grow too large. */
  private static List<List<String>> shards(WeightSource source, long mostBytes) {
    List<List<String>> shards = new ArrayList<>();
    shards.add(new ArrayList<>());
    long filled = 0;
    for (String name : source.names()) {
      long bytes = SafetensorsWriter.bytes(source, name);
      if (filled > 0 && filled + bytes > mostBytes) {
        shards.add(new ArrayList<>());
        filled = 0;
      }
      shards.getLast().add(name);
      filled += bytes;
    }
    return shards;
  }
}
