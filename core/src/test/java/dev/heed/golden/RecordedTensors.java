package dev.heed.golden;

import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tensors and metadata of one small safetensors file.
 *
 * @param tensors by key, as arrays of Java and their sizes
 * @param settings the metadata
 */
record RecordedTensors(Map<String, Stored> tensors, Map<String, String> settings) {

  /** One tensor's bytes; {@code type} is the format's name of it. */
  record Stored(String type, long[] sizes, ByteBuffer bytes) {
    /** The tensor, in the type it was recorded in. */
    Tensor tensor() {
      int count = Math.toIntExact(Shape.of(sizes).elements());
      return switch (type) {
        case "F32" -> {
          float[] values = new float[count];
          bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
          yield Tensor.of(values, count).view(sizes);
        }
        case "F64" -> {
          double[] values = new double[count];
          bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
          yield Tensor.of(values, count).view(sizes);
        }
        case "I64" -> {
          long[] values = new long[count];
          bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
          yield Tensor.of(values, count).view(sizes);
        }
        case "BOOL" -> {
          boolean[] values = new boolean[count];
          for (int i = 0; i < count; i++) {
            values[i] = bytes.get(bytes.position() + i) != 0;
          }
          yield Tensor.of(values, count).view(sizes);
        }
        default -> throw new IllegalArgumentException("no recording has elements of type " + type);
      };
    }
  }

  static RecordedTensors read(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int headerBytes = Math.toIntExact(bytes.getLong());
      JsonNode header = JsonMapper.shared().readTree(bytes.array(), Long.BYTES, headerBytes);
      Map<String, Stored> tensors = new LinkedHashMap<>();
      Map<String, String> settings = new LinkedHashMap<>();
      header
          .properties()
          .forEach(entry -> {
            if (entry.getKey().equals("__metadata__")) {
              entry
                  .getValue()
                  .properties()
                  .forEach(e -> settings.put(e.getKey(), e.getValue().asString()));
            } else {
              tensors.put(
                  entry.getKey(), stored(entry.getValue(), bytes, Long.BYTES + headerBytes));
            }
          });
      return new RecordedTensors(tensors, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stored stored(JsonNode entry, ByteBuffer bytes, int data) {
    JsonNode shape = entry.get("shape");
    long[] sizes = new long[shape.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.get(i).asLong();
    }
    int begin = entry.get("data_offsets").get(0).asInt();
    int end = entry.get("data_offsets").get(1).asInt();
    return new Stored(entry.get("dtype").asString(), sizes, bytes.slice(data + begin, end - begin));
  }
}
