package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that appears at once and whole, or not at all: it is filled beside its target, forced to
 * the disk, and moved there in one step that no crash can halve.
 *
 * {@snippet :
 * try (StagedFolder staged = StagedFolder.beside(target)) {
 *   SafetensorsWriter.write(staged.path().resolve("model.safetensors"), tensors, Map.of());
 *   staged.commit();
 * }
 * }
 */
public final class StagedFolder implements AutoCloseable {
  private static final String SUFFIX = ".staged";

  private final Path target;
  private final Path staged;
  private boolean committed;

  private StagedFolder(Path target, Path staged) {
    this.target = target;
    this.staged = staged;
  }

  /**
   * Makes an empty folder beside the target.
   *
   * @param target must not be there when it is committed; its parent must
   * @throws CheckpointException {@code IO} if it cannot be made
   */
  public static StagedFolder beside(Path target) {
    Path staged = target.resolveSibling("." + target.getFileName() + SUFFIX);
    try {
      deleteAll(staged);
      Files.createDirectory(staged);
      return new StagedFolder(target, staged);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** Whether a folder is what a crash left of one that was never committed. */
  public static boolean isLeftover(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return name.startsWith(".") && name.endsWith(SUFFIX);
  }

  /** Where to write the files. */
  public Path path() {
    return staged;
  }

  /**
   * Forces everything to the disk and lets the target appear.
   *
   * @throws CheckpointException {@code IO} if anything cannot be written; the target is not there
   *     then
   */
  public void commit() {
    try {
      try (Stream<Path> files = Files.walk(staged)) {
        for (Path file : files.toList()) {
          force(file);
        }
      }
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
      committed = true;
      Path parent = target.toAbsolutePath().getParent();
      if (parent != null) {
        force(parent);
      }
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  private static void force(Path path) throws IOException {
    boolean folder = Files.isDirectory(path);
    // Windows has no channel to a folder, and writes its entries by itself.
    if (folder && !Files.getFileStore(path).supportsFileAttributeView("posix")) {
      return;
    }
    StandardOpenOption how = folder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /**
   * Removes a folder with all it holds; does nothing if it is not there.
   *
   * @throws CheckpointException {@code IO} if a part of it cannot be removed
   */
  public static void remove(Path folder) {
    try {
      deleteAll(folder);
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> files = Files.walk(folder)) {
      found = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : found) {
      Files.delete(path);
    }
  }

  private static CheckpointException failed(Path target, IOException cause) {
    return new CheckpointException(
        Kind.IO,
        target.toString(),
        "a folder that can be written",
        String.valueOf(cause.getMessage()),
        "Check its permissions and the free space.",
        cause);
  }

  /** Removes what was staged, unless it was committed. */
  @Override
  public void close() {
    if (!committed) {
      remove(staged);
    }
  }
}
