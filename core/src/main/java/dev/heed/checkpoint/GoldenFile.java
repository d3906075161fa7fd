package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * One recorded case of a reference implementation: inputs, parameters, outputs, gradients and
 * settings.
 *
 * <p>Keys are {@code group.name}, as in {@code input.query}, {@code param.weight}, {@code
 * output.logits}, {@code grad.input.query}, {@code f64.output.logits}; settings are strings in the
 * file's metadata. Every key that was read is remembered, so that a test can ask for {@link
 * #unread()} and fail when a recorded value was not compared.
 */
public final class GoldenFile implements AutoCloseable {
  private final SafetensorsFile file;
  private final String name;
  private final Set<String> read = Collections.synchronizedSet(new TreeSet<>());

  private GoldenFile(SafetensorsFile file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * Opens a case.
   *
   * @param path a safetensors file
   * @return owned by the caller
   * @throws CheckpointException as {@link SafetensorsFile#open}
   */
  public static GoldenFile open(Path path) {
    String name = String.valueOf(path.getFileName()).replaceFirst("\\.safetensors$", "");
    return new GoldenFile(SafetensorsFile.open(path), name);
  }

  /** Returns the file's name without its ending. */
  public String name() {
    return name;
  }

  /** Returns every recorded tensor. */
  public SequencedMap<String, TensorInfo> tensors() {
    return file.tensors();
  }

  /** Returns every setting as recorded. */
  public Map<String, String> settings() {
    return file.metadata();
  }

  /** Tells whether a key is recorded. */
  public boolean has(String key) {
    return file.tensors().containsKey(key);
  }

  /**
   * Lists what one group holds.
   *
   * @param group for example {@code input} or {@code f64.grad.param}
   * @return the keys' remainders after the group and its dot, sorted
   */
  public SequencedSet<String> group(String group) {
    String prefix = group + ".";
    SequencedSet<String> names = new LinkedHashSet<>();
    file.tensors().keySet().stream()
        .filter(k -> k.startsWith(prefix))
        .sorted()
        .forEach(k -> names.add(k.substring(prefix.length())));
    return names;
  }

  /**
   * Reads one tensor and remembers that it was read.
   *
   * @param key a full key
   * @return a copy that belongs to the current scope
   * @throws CheckpointException {@code NOT_FOUND} for a key that was not recorded
   */
  public Tensor read(String key) {
    Tensor tensor = file.read(key);
    read.add(key);
    return tensor;
  }

  /** Returns the recorded keys that nothing has read, sorted. */
  public SequencedSet<String> unread() {
    TreeSet<String> left = new TreeSet<>(file.tensors().keySet());
    left.removeAll(read);
    return left;
  }

  /**
   * Returns one setting as text.
   *
   * @throws CheckpointException {@code NOT_FOUND} when it was not recorded
   */
  public String setting(String key) {
    String value = settings().get(key);
    if (value == null) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          file.describe(),
          "a setting among " + new TreeSet<>(settings().keySet()),
          Quoted.of(key),
          "Record the case again with this setting.");
    }
    return value;
  }

  /**
   * Returns one setting as JSON: a number, a truth value, a list or an object.
   *
   * @throws CheckpointException {@code NOT_FOUND} when it was not recorded, {@code MALFORMED} when
   *     it is not JSON
   */
  public JsonNode json(String key) {
    return StrictJson.parse(
        file.describe() + ", setting " + Quoted.of(key),
        setting(key).getBytes(StandardCharsets.UTF_8));
  }

  /** Returns one setting as a whole number, with the errors of {@link #json}. */
  public int integer(String key) {
    return value(key, int.class, Integer.class);
  }

  /** Returns one setting as a number, with the errors of {@link #json}. */
  public double number(String key) {
    return value(key, double.class, Double.class);
  }

  /**
   * Returns one setting as a truth value ({@code true}/{@code True}), with the errors of {@link
   * #json}.
   */
  public boolean flag(String key) {
    return switch (setting(key)) {
      case "true", "True" -> true;
      case "false", "False" -> false;
      default -> value(key, boolean.class, Boolean.class);
    };
  }

  private <T> T value(String key, Class<?> primitive, Class<T> type) {
    String where = file.describe() + ", setting " + Quoted.of(key);
    return type.cast(Objects.requireNonNull(ConfigValue.of(where, json(key), primitive, null)));
  }

  @Override
  public void close() {
    file.close();
  }
}
