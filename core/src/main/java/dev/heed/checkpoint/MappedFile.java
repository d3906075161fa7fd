package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file's bytes mapped into memory for reading; nothing is read until it is touched.
 *
 * <p>Closing unmaps it from any thread. A file that another process cuts short while it is mapped
 * ends in an {@link InternalError} at the next touch, which {@link #copy} turns into a {@link
 * CheckpointException}.
 */
public final class MappedFile implements AutoCloseable {
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Arena arena, MemorySegment bytes) {
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * Maps a regular file.
   *
   * @throws CheckpointException {@code NOT_FOUND} when there is no such regular file, {@code IO}
   *     when it cannot be opened
   */
  @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
  public static MappedFile open(Path file) {
    requireRegular(file);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(arena, bytes);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw unreadable(file, e);
    }
  }

  /** Returns all bytes, read-only, valid until {@link #close()}. */
  public MemorySegment bytes() {
    return bytes;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Closes the memory that a file is read from. */
  public static void close(String where, AutoCloseable memory) {
    try {
      memory.close();
    } catch (Exception e) {
      throw new CheckpointException(
          Kind.IO,
          where,
          "the file to be closed while nothing reads it",
          String.valueOf(e.getMessage()),
          "Close it after the last read.",
          e);
    }
  }

  /** Reads a whole small file. */
  static byte[] readSmall(Path file, long limit) {
    requireRegular(file);
    try {
      long size = Files.size(file);
      if (size > limit) {
        throw new CheckpointException(
            Kind.TOO_LARGE,
            file.toString(),
            "at most " + limit + " bytes",
            Long.toString(size),
            "A file of this kind is never so large; check that it is the right one.");
      }
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes((int) size);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Copies a range into a fresh array of exactly that length. */
  public static byte[] copy(String where, MemorySegment range) {
    byte[] copy = new byte[Math.toIntExact(range.byteSize())];
    try {
      MemorySegment.copy(range, ValueLayout.JAVA_BYTE, 0, copy, 0, copy.length);
    } catch (InternalError e) {
      throw cutShort(where, e);
    }
    return copy;
  }

  /** Says that the file lost bytes after it was mapped. */
  public static CheckpointException cutShort(String where, InternalError cause) {
    return new CheckpointException(
        Kind.IO,
        where,
        "the file to stay as it was when it was opened",
        "a page that is no longer there",
        "Another process shortened it, or the disk failed; open it again.",
        cause);
  }

  private static void requireRegular(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          file.toString(),
          "a regular file",
          Files.exists(file) ? "something else" : "nothing",
          "Check the path.");
    }
  }

  private static CheckpointException unreadable(Path file, Exception e) {
    return new CheckpointException(
        Kind.IO,
        file.toString(),
        "a readable file",
        String.valueOf(e.getMessage()),
        "Check its permissions and the disk.",
        e);
  }
}
