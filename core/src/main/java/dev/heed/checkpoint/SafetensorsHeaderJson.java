package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The grammar of a safetensors header: reads the JSON token by token, without a tree, and says
 * where it breaks.
 */
final class SafetensorsHeaderJson {
  private static final String METADATA = "__metadata__";

  private final String where;
  private final JsonParser json;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsHeaderJson(String where, JsonParser json) {
    this.where = where;
    this.json = json;
  }

  /**
   * Parses a header; ranges are checked by the caller.
   *
   * @param where the file's name, for messages
   * @param header its bytes
   * @throws CheckpointException {@code MALFORMED}, {@code DUPLICATE}, {@code UNKNOWN_TYPE} or
   *     {@code VALUE}
   */
  static SafetensorsHeaderJson parse(String where, MemorySegment header) {
    MemorySegment object = withoutPadding(header);
    try (JsonParser json = StrictJson.stream(new SegmentInputStream(object))) {
      SafetensorsHeaderJson parsed = new SafetensorsHeaderJson(where, json);
      parsed.object();
      parsed.requireEnd(object);
      return parsed;
    } catch (JacksonException e) {
      throw StrictJson.malformed(where + ", header", e);
    } catch (InternalError e) {
      throw MappedFile.cutShort(where, e);
    }
  }

  Map<String, TensorInfo> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private static MemorySegment withoutPadding(MemorySegment header) {
    long end = header.byteSize();
    while (end > 1 && header.get(ValueLayout.JAVA_BYTE, end - 1) == ' ') {
      end--;
    }
    return header.asSlice(0, end);
  }

  private void object() {
    expect(json.nextToken(), JsonToken.START_OBJECT, "an object");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals(METADATA)) {
        readMetadata();
      } else {
        tensors.put(name, tensor(name));
      }
    }
    long end = json.currentTokenLocation().getCharOffset();
    if (json.nextToken() != null) {
      throw malformed("nothing after the header's object", "more at character " + (end + 1));
    }
  }

  private void requireEnd(MemorySegment object) {
    byte last = object.get(ValueLayout.JAVA_BYTE, object.byteSize() - 1);
    if (last != '}') {
      throw malformed("an object that only spaces follow", "byte " + (last & 0xff) + " at its end");
    }
  }

  private void readMetadata() {
    expect(json.currentToken(), JsonToken.START_OBJECT, "an object of strings as " + METADATA);
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      expect(json.nextToken(), JsonToken.VALUE_STRING, "a string in " + METADATA);
      metadata.put(key, json.getString());
    }
  }

  private TensorInfo tensor(String name) {
    String at = "tensor " + Quoted.of(name);
    expect(json.currentToken(), JsonToken.START_OBJECT, "an object for " + at);
    @Nullable StorageType type = null;
    @Nullable List<Long> shape = null;
    @Nullable List<Long> offsets = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = type(at);
        case "shape" -> shape = sizes(at + ", shape");
        case "data_offsets" -> offsets = sizes(at + ", data_offsets");
        default -> throw malformed("dtype, shape and data_offsets for " + at, Quoted.of(key));
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw malformed(
          "dtype, shape and two data_offsets for " + at,
          "dtype " + type + ", shape " + shape + ", data_offsets " + offsets);
    }
    return new TensorInfo(
        name,
        type,
        Shape.of(shape.stream().mapToLong(Long::longValue).toArray()),
        offsets.get(0),
        offsets.get(1));
  }

  private StorageType type(String at) {
    expect(json.currentToken(), JsonToken.VALUE_STRING, "a string as dtype of " + at);
    String name = json.getString();
    return StorageType.named(name)
        .orElseThrow(() ->
            SafetensorsHeader.error(
                Kind.UNKNOWN_TYPE,
                where + ", " + at,
                "one of " + StorageType.known(),
                Quoted.of(name)));
  }

  private List<Long> sizes(String at) {
    expect(json.currentToken(), JsonToken.START_ARRAY, "a list of sizes as " + at);
    List<Long> sizes = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, "whole numbers in " + at);
      if (sizes.size() == TensorInfo.MAX_RANK) {
        throw SafetensorsHeader.error(
            Kind.TOO_LARGE, where + ", " + at, "at most " + TensorInfo.MAX_RANK, "more");
      }
      sizes.add(size(at));
    }
    return sizes;
  }

  private long size(String at) {
    JsonParser.NumberType type = json.getNumberType();
    boolean fits = type == JsonParser.NumberType.INT || type == JsonParser.NumberType.LONG;
    if (!fits || json.getLongValue() < 0) {
      throw SafetensorsHeader.error(
          Kind.VALUE, where + ", " + at, "numbers from 0 to 2^63-1", Quoted.of(json.getString()));
    }
    return json.getLongValue();
  }

  private void expect(@Nullable JsonToken got, JsonToken wanted, String expected) {
    if (got != wanted) {
      throw malformed(expected, got == null ? "its end" : got.toString());
    }
  }

  private CheckpointException malformed(String expected, String got) {
    return SafetensorsHeader.error(Kind.MALFORMED, where + ", header", expected, got);
  }
}
