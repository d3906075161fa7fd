package dev.heed.checkpoint;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads a memory segment as a stream, so that a parser need not copy it first. */
final class SegmentInputStream extends InputStream {
  private final MemorySegment bytes;
  private long next;

  SegmentInputStream(MemorySegment bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return next == bytes.byteSize() ? -1 : bytes.get(ValueLayout.JAVA_BYTE, next++) & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    long left = bytes.byteSize() - next;
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int count = (int) Math.min(left, length);
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, next, target, offset, count);
    next += count;
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.clamp(count, 0, bytes.byteSize() - next);
    next += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, bytes.byteSize() - next);
  }
}
