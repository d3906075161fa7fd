package dev.heed.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Where an executor finds a model's folder: at a path that every machine has, or in what was
 * broadcast to it.
 */
final class ModelSource implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  /** Unpacked broadcasts of this process, by their id. */
  private static final Map<String, Path> UNPACKED = new ConcurrentHashMap<>();

  private final String path;
  private final @Nullable Broadcast<LinkedHashMap<String, byte[]>> files;

  private ModelSource(String path, @Nullable Broadcast<LinkedHashMap<String, byte[]>> files) {
    this.path = path;
    this.files = files;
  }

  /** A folder, or file, that every machine has. */
  static ModelSource at(String path) {
    return new ModelSource(path, null);
  }

  /**
   * A folder of the driver's, sent to every executor that needs it.
   *
   * @throws IllegalArgumentException for more than 2 GiB, which Spark does not broadcast
   */
  static ModelSource broadcast(SparkSession session, String path) {
    Path folder = Path.of(path);
    LinkedHashMap<String, byte[]> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        bytes += Files.size(file);
        if (bytes > MOST_BYTES) {
          throw new IllegalArgumentException(
              "broadcast: expected at most 2 GiB of files, got more in "
                  + path
                  + "; put the folder on every machine and leave broadcast out");
        }
        files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read", e);
    }
    return new ModelSource(
        path,
        session
            .sparkContext()
            .broadcast(
                files,
                scala.reflect.ClassTag$.MODULE$.<LinkedHashMap<String, byte[]>>apply(
                    LinkedHashMap.class)));
  }

  /** The folder, on the machine that asks. */
  Path folder() {
    return files == null
        ? Path.of(path)
        : UNPACKED.computeIfAbsent(path + '#' + files.id(), key -> unpack(files.value()));
  }

  private static Path unpack(Map<String, byte[]> files) {
    try {
      return UnpackedModels.unpack(Path.of(System.getProperty("java.io.tmpdir")), files);
    } catch (IOException e) {
      throw new UncheckedIOException("the broadcast model cannot be unpacked", e);
    }
  }
}
