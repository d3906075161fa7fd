package dev.heed.checkpoint.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds GGUF files byte by byte, valid or not. */
final class GgufBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A file that declares so many tensors and values. */
  static GgufBytes header(long tensors, long values) {
    return new GgufBytes().mark("GGUF").number(3).count(tensors).count(values);
  }

  GgufBytes mark(String mark) {
    out.writeBytes(mark.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  GgufBytes number(int number) {
    out.writeBytes(little(4).putInt(number).array());
    return this;
  }

  GgufBytes count(long number) {
    out.writeBytes(little(8).putLong(number).array());
    return this;
  }

  GgufBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return count(utf8.length).raw(utf8);
  }

  GgufBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** A tensor's name, sizes as the file has them (innermost first), type and offset. */
  GgufBytes tensor(String name, int type, long offset, long... sizes) {
    text(name).number(sizes.length);
    for (long size : sizes) {
      count(size);
    }
    return number(type).count(offset);
  }

  /** Zeros up to the alignment, then so many bytes. */
  byte[] data(int alignment, int bytes) {
    raw(new byte[Math.floorMod(-out.size(), alignment) + bytes]);
    return out.toByteArray();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  static GgufFile open(byte[] bytes) {
    return GgufFile.of("t.gguf", MemorySegment.ofArray(bytes));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
