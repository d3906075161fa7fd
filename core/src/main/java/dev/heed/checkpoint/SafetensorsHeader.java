package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What stands in front of a safetensors file's data, validated.
 *
 * <p>Layout: eight bytes with the header's length (little endian), the header (a JSON object that
 * begins with an opening brace and may end in spaces), then the tensors' bytes without holes to the
 * end of the file.
 *
 * <p>Source: safetensors' README, "Format", and its reference reader {@code
 * SafeTensors::read_metadata}. Stricter than that reader in three points that its README asks for:
 * the first byte must be a brace, only spaces pad, and names stand once.
 *
 * @param tensors in the order of their bytes
 * @param metadata the free text map {@code __metadata__}, empty if absent
 * @param dataStart the file's first data byte
 */
record SafetensorsHeader(
    SequencedMap<String, TensorInfo> tensors, Map<String, String> metadata, long dataStart) {
  /** The longest header that the reference reader takes. */
  static final long MAX_LENGTH = 100_000_000;

  static final int LENGTH_BYTES = 8;

  private static final String REMEDY = "The file is damaged, incomplete or hostile; get it again.";
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Reads and validates the header of a whole file.
   *
   * @param where the file's name, for messages
   * @param file all of its bytes
   * @throws CheckpointException for everything that is not a valid file
   */
  static SafetensorsHeader parse(String where, MemorySegment file) {
    MemorySegment json = slice(where, file);
    SafetensorsHeaderJson parsed = SafetensorsHeaderJson.parse(where, json);
    long dataStart = LENGTH_BYTES + json.byteSize();
    return new SafetensorsHeader(
        inOrder(where, parsed.tensors(), file.byteSize() - dataStart),
        Collections.unmodifiableMap(parsed.metadata()),
        dataStart);
  }

  private static MemorySegment slice(String where, MemorySegment file) {
    long size = file.byteSize();
    if (size < LENGTH_BYTES) {
      throw error(Kind.TRUNCATED, where, "at least 8 bytes", size + "");
    }
    long length = file.get(LENGTH, 0);
    if (length < 0 || length > MAX_LENGTH) {
      throw error(
          Kind.TOO_LARGE,
          where,
          "a header of at most " + MAX_LENGTH + " bytes",
          Long.toUnsignedString(length));
    }
    if (length > size - LENGTH_BYTES) {
      throw error(
          Kind.TRUNCATED,
          where,
          "a header of " + length + " bytes",
          (size - LENGTH_BYTES) + " bytes after its length");
    }
    MemorySegment json = file.asSlice(LENGTH_BYTES, length);
    if (length == 0 || json.get(ValueLayout.JAVA_BYTE, 0) != '{') {
      throw error(
          Kind.MALFORMED,
          where,
          "a header that begins with {",
          length == 0 ? "none" : "byte " + (json.get(ValueLayout.JAVA_BYTE, 0) & 0xff));
    }
    return json;
  }

  private static SequencedMap<String, TensorInfo> inOrder(
      String where, Map<String, TensorInfo> tensors, long dataBytes) {
    List<TensorInfo> sorted = new ArrayList<>(tensors.values());
    sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
    SequencedMap<String, TensorInfo> ordered = LinkedHashMap.newLinkedHashMap(sorted.size());
    long next = 0;
    for (TensorInfo t : sorted) {
      checkRange(where + ", tensor " + Quoted.of(t.name()), t, next);
      next = t.end();
      ordered.put(t.name(), t);
    }
    if (next != dataBytes) {
      throw error(
          next > dataBytes ? Kind.TRUNCATED : Kind.LAYOUT,
          where,
          next + " bytes of data, the sum of the tensors",
          dataBytes + "");
    }
    return Collections.unmodifiableSequencedMap(ordered);
  }

  private static void checkRange(String where, TensorInfo t, long next) {
    if (t.begin() != next || t.end() < t.begin()) {
      throw error(
          Kind.LAYOUT,
          where,
          "its bytes to begin at " + next + " and not to end before",
          "[" + t.begin() + ", " + t.end() + "]");
    }
    long bytes = TensorInfo.bytesOf(where, t.type(), t.shape().toArray());
    if (bytes != t.bytes()) {
      throw error(Kind.SHAPE, where, bytes + " bytes for " + t.type() + t.shape(), t.bytes() + "");
    }
  }

  static CheckpointException error(Kind kind, String where, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, REMEDY);
  }
}
