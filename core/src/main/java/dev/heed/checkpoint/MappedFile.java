package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file's bytes mapped into memory for reading; nothing is read until it is touched.
 *
 * <p>Closing unmaps it from any thread. A file that another process cuts short while it is mapped
 * ends in an {@link InternalError} at the next touch, which {@link #copy} turns into a {@link
 * CheckpointException}.
 *
 * <p>What is touched stays in the process's memory until the file is closed; {@link #read} fills
 * other memory without it, so that a large file is not in memory twice.
 */
public final class MappedFile implements AutoCloseable {
  /** Larger reads gain nothing. */
  private static final int BUFFER = 1 << 20;

  private final Arena arena;
  private final MemorySegment bytes;
  // Unlike a channel it survives the interruption of a thread that reads.
  private final RandomAccessFile file;

  private MappedFile(Arena arena, MemorySegment bytes, RandomAccessFile file) {
    this.arena = arena;
    this.bytes = bytes;
    this.file = file;
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
    RandomAccessFile opened = null;
    try {
      opened = new RandomAccessFile(file.toFile(), "r");
      FileChannel channel = opened.getChannel();
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(arena, bytes, opened);
    } catch (IOException | RuntimeException e) {
      arena.close();
      close(file.toString(), opened == null ? () -> {} : opened);
      throw unreadable(file.toString(), e);
    }
  }

  /** Returns all bytes, read-only, valid until {@link #close()}. */
  public MemorySegment bytes() {
    return bytes;
  }

  /**
   * Maps the whole file once more, read-only and for as long as something refers to these bytes,
   * {@link #close()} or not: until the garbage collector finds that nothing does.
   *
   * @param where for messages
   * @throws CheckpointException {@code IO} when it cannot be mapped
   */
  public MemorySegment lasting(String where) {
    synchronized (file) {
      try {
        FileChannel channel = file.getChannel();
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.byteSize(), Arena.ofAuto());
      } catch (IOException e) {
        throw unreadable(where, e);
      }
    }
  }

  /**
   * Copies a range of the file without mapping it.
   *
   * @param where for messages
   * @param from the first byte, counted from the file's start
   * @param into native memory, as long as the range
   * @throws CheckpointException {@code IO} when the file can no longer be read that far
   */
  public void read(String where, long from, MemorySegment into) {
    byte[] buffer = new byte[(int) Math.min(BUFFER, into.byteSize())];
    synchronized (file) {
      try {
        file.seek(from);
        long done = 0;
        while (done < into.byteSize()) {
          int part = (int) Math.min(buffer.length, into.byteSize() - done);
          file.readFully(buffer, 0, part);
          MemorySegment.copy(buffer, 0, into, ValueLayout.JAVA_BYTE, done, part);
          done += part;
        }
      } catch (EOFException e) {
        throw cutShort(where, e);
      } catch (IOException e) {
        throw unreadable(where, e);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      throw unreadable(file.toString(), e);
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
  public static CheckpointException cutShort(String where, Throwable cause) {
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

  private static CheckpointException unreadable(String where, Exception e) {
    return new CheckpointException(
        Kind.IO,
        where,
        "a readable file",
        String.valueOf(e.getMessage()),
        "Check its permissions and the disk.",
        e);
  }
}
