package dev.heed.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds safetensors files byte by byte, valid or not. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  /** A file of this header and so many zero bytes of data. */
  static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return file(json.length, json, dataBytes);
  }

  /** A file that declares a header length of its own. */
  static byte[] file(long declared, byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(declared)
        .put(header)
        .array();
  }

  static SafetensorsFile open(byte[] bytes) {
    return SafetensorsFile.of("t.safetensors", MemorySegment.ofArray(bytes));
  }
}
