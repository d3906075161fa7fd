package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * What stands in front of a GGUF file's data, validated.
 *
 * <p>Layout: {@code GGUF}, a version, the numbers of tensors and of values; each value's name, type
 * and bytes; each tensor's name, sizes (innermost first), type and offset; padding; the tensors in
 * the same order, each padded to the alignment.
 *
 * <p>Source: ggml's {@code docs/gguf.md} and its reader {@code gguf_init_from_file}.
 *
 * @param metadata values by name
 * @param tensors in the order of their bytes
 * @param dataStart the file's first data byte
 */
record GgufHeader(GgufMetadata metadata, SequencedMap<String, TensorInfo> tensors, long dataStart) {
  static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
  static final int VERSION = 3;
  static final long USUAL_ALIGNMENT = 32;
  static final String ALIGNMENT = "general.alignment";

  private static final int LONGEST_NAME = 65_535;
  private static final int MAX_RANK = 4;

  /**
   * Reads and validates the header of a whole file.
   *
   * @param where the file's name, for messages
   * @param file all of its bytes
   * @throws dev.heed.checkpoint.CheckpointException for everything that is not a valid file
   */
  static GgufHeader parse(String where, MemorySegment file) {
    GgufCursor cursor = new GgufCursor(where, file);
    int magic = cursor.int32("the mark GGUF");
    if (magic != MAGIC) {
      throw cursor.error(
          Kind.MALFORMED, "the mark GGUF", String.format(Locale.ROOT, "%08x", magic));
    }
    requireVersion(cursor, cursor.int32("the version"));
    // A tensor takes at least its name's length, one size, a type and an offset.
    long tensorCount = cursor.count("tensors", 8 + 4 + 4 + 8);
    long valueCount = cursor.count("values", 8 + 4 + 1);
    GgufMetadata metadata = metadata(where, cursor, valueCount);
    long alignment = alignment(cursor, metadata);
    requireWhole(cursor, metadata);
    SequencedMap<String, TensorInfo> tensors =
        tensors(where, cursor, tensorCount, alignment, file.byteSize());
    long dataStart = tensors.isEmpty() ? cursor.position() : padded(cursor.position(), alignment);
    return new GgufHeader(metadata, tensors, dataStart);
  }

  private static void requireVersion(GgufCursor cursor, int version) {
    if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(VERSION)) {
      throw cursor.error(Kind.UNSUPPORTED, "a little-endian file", "a big-endian one");
    }
    if (version != 2 && version != VERSION) {
      throw cursor.error(
          Kind.UNSUPPORTED, "version 2 or 3", "version " + Integer.toUnsignedString(version));
    }
  }

  private static GgufMetadata metadata(String where, GgufCursor cursor, long count) {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String name = cursor.name("a value's name", LONGEST_NAME);
      GgufValue value = value(where + ", metadata " + Quoted.of(name), cursor);
      if (values.put(name, value) != null) {
        throw cursor.error(Kind.DUPLICATE, "each name once", "metadata " + Quoted.of(name));
      }
    }
    return new GgufMetadata(where, Collections.unmodifiableSequencedMap(values));
  }

  private static GgufValue value(String where, GgufCursor cursor) {
    GgufValueType type = type(cursor);
    if (type == GgufValueType.STRING) {
      return GgufValue.scalar(where, type, cursor.string("a string"));
    }
    if (type != GgufValueType.ARRAY) {
      MemorySegment bytes = cursor.take(type.bytes(), "a value");
      requireTruth(cursor, type, bytes);
      return GgufValue.scalar(where, type, bytes);
    }
    GgufValueType element = type(cursor);
    if (element == GgufValueType.ARRAY) {
      throw cursor.error(Kind.UNSUPPORTED, "a list of single values", "a list of lists");
    }
    boolean text = element == GgufValueType.STRING;
    long length = cursor.count("elements", text ? Long.BYTES : element.bytes());
    if (length > Integer.MAX_VALUE - 8) {
      throw cursor.error(Kind.TOO_LARGE, "a list of fewer than 2^31 elements", length + "");
    }
    if (text) {
      return strings(where, cursor, (int) length);
    }
    MemorySegment bytes = cursor.take(length * element.bytes(), "a list");
    requireTruth(cursor, element, bytes);
    return GgufValue.array(where, element, length, bytes, new long[0]);
  }

  private static GgufValue strings(String where, GgufCursor cursor, int length) {
    MemorySegment rest = cursor.rest();
    long origin = cursor.position();
    long[] starts = new long[length + 1];
    for (int i = 0; i < length; i++) {
      starts[i] = cursor.position() - origin;
      var _ = cursor.string("a list's string");
    }
    starts[length] = cursor.position() - origin;
    return GgufValue.array(
        where, GgufValueType.STRING, length, rest.asSlice(0, starts[length]), starts);
  }

  private static GgufValueType type(GgufCursor cursor) {
    int id = cursor.int32("a value's type");
    if (id < 0 || id >= GgufValueType.values().length) {
      throw cursor.error(
          Kind.UNKNOWN_TYPE, "a value's type from 0 to 12", Integer.toUnsignedString(id));
    }
    return GgufValueType.values()[id];
  }

  private static void requireTruth(GgufCursor cursor, GgufValueType type, MemorySegment bytes) {
    if (type == GgufValueType.BOOL) {
      for (long i = 0; i < bytes.byteSize(); i++) {
        byte value = bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i);
        if (value != 0 && value != 1) {
          throw cursor.error(Kind.VALUE, "truth values 0 and 1", (value & 0xff) + "");
        }
      }
    }
  }

  private static long alignment(GgufCursor cursor, GgufMetadata metadata) {
    long alignment = metadata.find(ALIGNMENT).map(GgufValue::integer).orElse(USUAL_ALIGNMENT);
    if (alignment < 1 || alignment > 1 << 30 || Long.bitCount(alignment) != 1) {
      throw cursor.error(
          Kind.VALUE, ALIGNMENT + " to be a power of two up to 2^30", alignment + "");
    }
    return alignment;
  }

  private static void requireWhole(GgufCursor cursor, GgufMetadata metadata) {
    long parts = metadata.find("split.count").map(GgufValue::integer).orElse(0L);
    if (parts > 1) {
      throw cursor.error(
          Kind.UNSUPPORTED,
          "a model in one file (`llama-gguf-split --merge` joins them)",
          "one of " + parts + " parts");
    }
  }

  private static SequencedMap<String, TensorInfo> tensors(
      String where, GgufCursor cursor, long count, long alignment, long fileSize) {
    SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
    long next = 0;
    for (long i = 0; i < count; i++) {
      String name = cursor.name("a tensor's name", LONGEST_NAME);
      TensorInfo info = tensor(where + ", tensor " + Quoted.of(name), name, cursor);
      if (info.begin() != next) {
        throw cursor.error(
            Kind.LAYOUT,
            "tensor " + Quoted.of(name) + " to begin at " + next + ", after the one before it",
            Long.toUnsignedString(info.begin()));
      }
      if (info.end() > fileSize) {
        throw cursor.error(
            Kind.TRUNCATED,
            info.bytes() + " bytes for tensor " + Quoted.of(name),
            fileSize + " bytes in all");
      }
      next = padded(info.end(), alignment);
      if (tensors.put(name, info) != null) {
        throw cursor.error(Kind.DUPLICATE, "each name once", "tensor " + Quoted.of(name));
      }
    }
    requireData(cursor, tensors, alignment, fileSize);
    return Collections.unmodifiableSequencedMap(tensors);
  }

  private static void requireData(
      GgufCursor cursor, SequencedMap<String, TensorInfo> tensors, long alignment, long fileSize) {
    if (tensors.isEmpty()) {
      return;
    }
    long end = padded(cursor.position(), alignment) + tensors.lastEntry().getValue().end();
    if (end > fileSize) {
      throw cursor.error(Kind.TRUNCATED, "a file of at least " + end + " bytes", fileSize + "");
    }
    if (padded(end, alignment) < fileSize) {
      throw cursor.error(
          Kind.LAYOUT, "a file of at most " + padded(end, alignment) + " bytes", fileSize + "");
    }
  }

  private static TensorInfo tensor(String where, String name, GgufCursor cursor) {
    int rank = cursor.int32("a tensor's number of sizes");
    if (rank < 0 || rank > MAX_RANK) {
      throw cursor.error(
          Kind.TOO_LARGE, "at most " + MAX_RANK + " sizes", Integer.toUnsignedString(rank));
    }
    long[] sizes = new long[rank];
    for (int dim = rank - 1; dim >= 0; dim--) {
      sizes[dim] = cursor.int64("a tensor's size");
    }
    GgufType type = GgufType.of(where, cursor.int32("a tensor's type"));
    long begin = cursor.int64("a tensor's offset");
    long bytes = TensorInfo.bytesOf(where, type.storage(), sizes);
    // A hostile offset is refused by the caller: its sum may overflow, and equals none it expects.
    return new TensorInfo(name, type.storage(), Shape.of(sizes), begin, begin + bytes);
  }

  static long padded(long bytes, long alignment) {
    return (bytes + alignment - 1) & -alignment;
  }
}
