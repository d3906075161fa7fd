package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a Hugging Face {@code config.json} into a record.
 *
 * <p>A component {@code numHiddenLayers} is the key {@code num_hidden_layers}; an absent key keeps
 * the value that the given defaults have; keys without a component are left alone, since every
 * config carries some for other tools. Components may be numbers, truth values, strings, enums
 * (written in lower case), lists, maps with string keys, and records. {@code null} is a value only
 * for components that are objects. The record's own constructor checks ranges: what it throws is
 * reported with the file's name.
 *
 * {@snippet :
 * BertConfig config = ConfigReader.read(folder.resolve("config.json"), BertConfig.defaults());
 * }
 */
public final class ConfigReader {
  /** Largest config read; the largest published ones (22,000 labels) stay below a tenth of it. */
  static final long MAX_BYTES = 16L << 20;

  private static final String REMEDY = "Correct this value in the file.";

  private ConfigReader() {}

  /**
   * Reads a file.
   *
   * @param file the JSON file
   * @param defaults the values of absent keys
   * @return a new record of the defaults' type
   * @throws CheckpointException {@code NOT_FOUND}, {@code IO}, {@code TOO_LARGE}, {@code
   *     MALFORMED}, {@code DUPLICATE}, or {@code VALUE} for a value of the wrong type or outside
   *     the record's range
   */
  public static <R extends Record> R read(Path file, R defaults) {
    return read(file.toString(), MappedFile.readSmall(file, MAX_BYTES), defaults);
  }

  /**
   * Reads JSON that is in memory already.
   *
   * @param where a name for messages
   * @param json UTF-8
   * @param defaults the values of absent keys
   * @return a new record of the defaults' type
   * @throws CheckpointException as {@link #read(Path, Record)}
   */
  public static <R extends Record> R read(String where, byte[] json, R defaults) {
    return read(where, StrictJson.parse(where, json), defaults);
  }

  /**
   * Reads a part of a config, such as CLIP's {@code text_config}.
   *
   * @param where a name for messages
   * @param json an object
   * @param defaults the values of absent keys
   * @return a new record of the defaults' type
   * @throws CheckpointException {@code VALUE} for a value of the wrong type or outside the record's
   *     range
   */
  @SuppressWarnings("unchecked") // the constructor of defaults' own class makes the result
  public static <R extends Record> R read(String where, JsonNode json, R defaults) {
    return (R) record(where, json, defaults.getClass(), defaults);
  }

  /**
   * Reads JSON in which every component has its key, but for those that may be null.
   *
   * @param where a name for messages
   * @param json an object
   * @param type a record
   * @throws CheckpointException {@code VALUE} for a key that is missing, a value of the wrong type
   *     or one outside the record's range
   */
  public static <R extends Record> R require(String where, JsonNode json, Class<R> type) {
    return type.cast(record(where, json, type, null));
  }

  /**
   * Reads a config as it stands.
   *
   * @param file the JSON file
   * @throws CheckpointException as {@link #read(Path, Record)}
   */
  public static JsonNode json(Path file) {
    return json(file.toString(), MappedFile.readSmall(file, MAX_BYTES));
  }

  /**
   * Reads a config as it stands.
   *
   * @param where a name for messages
   * @param json UTF-8
   * @throws CheckpointException {@code MALFORMED} or {@code DUPLICATE}
   */
  public static JsonNode json(String where, byte[] json) {
    return StrictJson.parse(where, json);
  }

  /** Reads one record; without defaults every component that may not be null must be there. */
  static Object record(String where, JsonNode json, Class<?> type, @Nullable Object defaults) {
    if (!json.isObject()) {
      throw new CheckpointException(
          Kind.VALUE, where, "an object", json.getNodeType().toString(), REMEDY);
    }
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      String key = key(component.getName());
      JsonNode value = json.get(key);
      Object fallback = defaults == null ? null : value(component, defaults);
      boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (value == null && defaults == null && !optional) {
        throw new CheckpointException(
            Kind.VALUE, where, "a key " + key, "none", "Add it to the file.");
      }
      values[i] =
          value == null
              ? fallback
              : ConfigValue.of(where + ", " + key, value, component.getGenericType(), fallback);
    }
    return construct(where, type, types, values);
  }

  /** Turns {@code numHiddenLayers} into {@code num_hidden_layers}. */
  public static String key(String component) {
    return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static @Nullable Object value(RecordComponent component, Object record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot read defaults " + record, e);
    }
  }

  private static Object construct(
      String where, Class<?> type, Class<?>[] types, @Nullable Object[] values) {
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof CheckpointException ours) {
        throw ours;
      }
      throw new CheckpointException(
          Kind.VALUE,
          where,
          "values that make a valid " + type.getSimpleName(),
          Quoted.of(String.valueOf(cause.getMessage())),
          REMEDY,
          cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot construct " + type, e);
    }
  }
}
