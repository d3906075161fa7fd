package dev.heed.train;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.StagedFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of a run's checkpoints, {@code update-000000120} and so on, held by one process. */
final class CheckpointFolder implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("update-(\\d{9,18})");
  private static final String LOCK = ".lock";

  private final Path folder;
  private final FileChannel lock;

  private CheckpointFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes the folder if it is not there, and removes what a crash left half written.
   *
   * @throws CheckpointException {@code IO} if another run uses it, or it cannot be written
   */
  static CheckpointFolder open(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel lock =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(lock)) {
        lock.close();
        throw new IOException("another run trains into it");
      }
      CheckpointFolder opened = new CheckpointFolder(folder, lock);
      opened.children().filter(StagedFolder::isLeftover).forEach(StagedFolder::remove);
      return opened;
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private Stream<Path> children() {
    return children(folder);
  }

  private static Stream<Path> children(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  /** Where the checkpoint after so many updates lies. */
  Path at(long updates) {
    return at(folder, updates);
  }

  static Path at(Path folder, long updates) {
    return folder.resolve(String.format(Locale.ROOT, "update-%09d", updates));
  }

  /** After how many updates there are checkpoints, in ascending order. */
  static List<Long> updates(Path folder) {
    TreeSet<Long> found = new TreeSet<>();
    children(folder)
        .forEach(child -> {
          Matcher name = NAME.matcher(String.valueOf(child.getFileName()));
          if (name.matches()) {
            found.add(Long.valueOf(name.group(1)));
          }
        });
    return List.copyOf(found);
  }

  /** The newest checkpoint, if there is any. */
  Optional<Path> newest() {
    List<Long> all = updates(folder);
    return all.isEmpty() ? Optional.empty() : Optional.of(at(all.getLast()));
  }

  /** Removes all but the newest few and those that are kept for another reason. */
  void prune(int newest, List<Long> kept) {
    List<Long> all = updates(folder);
    for (Long updates : all.subList(0, Math.max(0, all.size() - newest))) {
      if (!kept.contains(updates)) {
        StagedFolder.remove(at(updates));
      }
    }
  }

  private static CheckpointException failed(Path folder, IOException cause) {
    return new CheckpointException(
        Kind.IO,
        folder.toString(),
        "a folder for checkpoints",
        String.valueOf(cause.getMessage()),
        "Check its permissions and the free space, and that no other run uses it.",
        cause);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }
}
