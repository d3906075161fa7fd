package dev.heed.spark;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Models that were sent as bytes, unpacked into temporary folders. A process deletes its own when
 * it ends; those of processes that were killed are deleted by the next that unpacks one.
 *
 * <p>Each folder has a file that its process keeps locked as long as it lives, which the system
 * lets go of however it ends.
 */
final class UnpackedModels {
  private static final String PREFIX = "heed-model";
  private static final String LOCK = "in-use";

  /** A younger folder may be one that is about to be locked. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private UnpackedModels() {}

  /**
   * Unpacks a model, and deletes those that nobody has any more.
   *
   * @param temporary where folders for a time are made
   * @param files contents by path
   * @return the model's folder, which is deleted when this process ends
   */
  @SuppressWarnings("resource") // the lock is held until the process ends
  static Path unpack(Path temporary, Map<String, byte[]> files) throws IOException {
    sweep(temporary);
    Path folder = Files.createTempDirectory(temporary, PREFIX);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "heed-unpacked"));
    FileChannel lock =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    Path model = folder.resolve("model");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path to = model.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(to.getParent()));
      Files.write(to, file.getValue());
    }
    return model;
  }

  private static void sweep(Path temporary) throws IOException {
    Instant old = Instant.now().minus(YOUNG);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path folder : folders) {
        if (isLeft(folder, old)) {
          delete(folder);
        }
      }
    }
  }

  /** Whether its process has ended. */
  private static boolean isLeft(Path folder, Instant old) {
    Path lock = folder.resolve(LOCK);
    try {
      if (!Files.isRegularFile(lock) || Files.getLastModifiedTime(lock).toInstant().isAfter(old)) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
        return channel.tryLock() != null;
      }
    } catch (OverlappingFileLockException e) {
      return false; // this process's own
    } catch (IOException e) {
      return false; // another user's, or another process sweeps it
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // a temporary folder that stays
    }
  }
}
