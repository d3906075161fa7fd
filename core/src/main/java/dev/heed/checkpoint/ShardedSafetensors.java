package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/**
 * A checkpoint in several safetensors files, joined by its {@code model.safetensors.index.json}.
 *
 * <p>The index's {@code weight_map} says which file holds which tensor. Every named file must lie
 * beside the index and hold what the index says; {@code total_size} is not checked, since published
 * indexes count tied tensors in different ways.
 */
public final class ShardedSafetensors implements CheckpointSource {
  private static final long LARGEST_INDEX = 100_000_000;
  private static final int MOST_SHARDS = 4096;
  private static final String REMEDY =
      "Index and shards do not belong together; get all of them again.";

  private final Path index;
  private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, SafetensorsFile> shardOf = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private ShardedSafetensors(Path index) {
    this.index = index;
  }

  /**
   * Opens an index and every shard it names.
   *
   * @param index the JSON file
   * @return owned by the caller
   * @throws CheckpointException {@code UNSAFE} when a shard's name leaves the folder, {@code
   *     NOT_FOUND} when a shard or one of its tensors is missing, and all that {@link
   *     SafetensorsFile#open} throws
   */
  public static ShardedSafetensors open(Path index) {
    ShardedSafetensors opened = new ShardedSafetensors(index);
    try {
      opened.read();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void read() {
    byte[] bytes = MappedFile.readSmall(index, LARGEST_INDEX);
    JsonNode map = StrictJson.parse(describe(), bytes).path("weight_map");
    if (!map.isObject()) {
      throw error(Kind.MALFORMED, "an object weight_map", map.getNodeType().toString());
    }
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      add(entry.getKey(), entry.getValue());
    }
    shards.values().forEach(s -> metadata.putAll(s.metadata()));
  }

  private void add(String name, JsonNode file) {
    if (!file.isString()) {
      throw error(Kind.MALFORMED, "a file name for " + Quoted.of(name), file.getNodeType() + "");
    }
    SafetensorsFile shard = shards.computeIfAbsent(file.stringValue(), this::openShard);
    TensorInfo info = shard.tensors().get(name);
    if (info == null) {
      throw error(
          Kind.NOT_FOUND,
          "tensor " + Quoted.of(name) + " in " + Quoted.of(file.stringValue()),
          "a file without it");
    }
    tensors.put(name, info);
    shardOf.put(name, shard);
  }

  private SafetensorsFile openShard(String name) {
    boolean plain = name.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");
    if (!plain) {
      throw error(Kind.UNSAFE, "a plain file name that ends in .safetensors", Quoted.of(name));
    }
    if (shards.size() == MOST_SHARDS) {
      throw error(Kind.TOO_LARGE, "at most " + MOST_SHARDS + " shards", "more");
    }
    return SafetensorsFile.open(index.resolveSibling(name));
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  /** Returns the shards' free text; where two say different things, the later shard's. */
  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public Tensor read(String name) {
    info(name);
    return Objects.requireNonNull(shardOf.get(name)).read(name);
  }

  @Override
  public String describe() {
    return index.toString();
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }

  private CheckpointException error(Kind kind, String expected, String got) {
    return new CheckpointException(kind, describe(), expected, got, REMEDY);
  }
}
