package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ModelCheckpoint;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GGUF file seen as the Hugging Face checkpoint that it came from: its names, its layouts, its
 * config. Tensors are decoded and laid out when they are read.
 *
 * <p>A second copy of the token embeddings as output weights, equal bit by bit, is left out, and
 * the config says that they are tied. Positions of {@link TensorInfo} are those of the stored
 * tensor.
 */
public final class GgufModel implements ModelCheckpoint {
  private static final String OUTPUT = "output.weight";

  private static final int MOST_EXPERTS = 4096;

  /** Tensors that the config holds. */
  private static final Set<String> IN_CONFIG =
      Set.of("rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight");

  /** Where one tensor of theirs lies. */
  private record Place(String ours, TensorLayout layout, int expert) {}

  private final GgufFile file;
  private final GgufArchitecture architecture;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

  private GgufModel(GgufFile file) {
    this.file = file;
    this.architecture = GgufArchitecture.of(file);
    Map<String, TensorRule> rules = architecture.byOurs();
    Set<String> unknown = new TreeSet<>();
    for (TensorInfo info : file.tensors().values()) {
      NumberedName name = NumberedName.of(info.name());
      TensorRule rule = rules.get(name.pattern());
      if (rule != null) {
        add(info, rule, name.numbers());
      } else if (!IN_CONFIG.contains(info.name())) {
        unknown.add(info.name());
      }
    }
    if (!unknown.isEmpty()) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file.describe(),
          "tensors that Heed knows in architecture " + architecture.name(),
          Quoted.list(unknown),
          "They may change what the model computes, so they are not left out in silence.");
    }
  }

  /**
   * Opens a file.
   *
   * @param path a GGUF file
   * @return owned by the caller
   * @throws CheckpointException as {@link GgufFile#open}, and {@code UNSUPPORTED} for an
   *     architecture or a tensor that Heed does not know
   */
  public static GgufModel open(Path path) {
    return of(GgufFile.open(path));
  }

  /**
   * Shows an open file so; closing this closes it.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for an architecture or a tensor that Heed does
   *     not know; the file is closed then
   */
  public static GgufModel of(GgufFile file) {
    try {
      return new GgufModel(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void add(TensorInfo info, TensorRule rule, List<Integer> numbers) {
    if (info.name().equals(OUTPUT) && file.outputIsTied()) {
      return;
    }
    String where = at(info.name());
    Shape shape = rule.layout().theirs(where, info.shape());
    boolean experts = rule.layout() == TensorLayout.EXPERTS;
    int count = experts ? experts(info) : 1;
    for (int expert = 0; expert < count; expert++) {
      List<Integer> filled =
          experts ? Stream.concat(numbers.stream(), Stream.of(expert)).toList() : numbers;
      String theirs = NumberedName.fill(rule.theirs(), filled);
      places.put(theirs, new Place(info.name(), rule.layout(), expert));
      long size = info.bytes() / count;
      long begin = info.begin() + expert * size;
      tensors.put(theirs, new TensorInfo(theirs, info.type(), shape, begin, begin + size));
    }
  }

  private int experts(TensorInfo info) {
    long count = info.shape().size(0);
    if (count > MOST_EXPERTS) {
      throw new CheckpointException(
          Kind.TOO_LARGE,
          at(info.name()),
          "at most " + MOST_EXPERTS + " experts",
          count + "",
          GgufCursor.REMEDY);
    }
    return (int) count;
  }

  /** Returns the file under its own names; closed with this. */
  public GgufFile file() {
    return file;
  }

  @Override
  public ObjectNode config() {
    return architecture.config().apply(new GgufConfig(file, architecture.modelType()));
  }

  /**
   * Returns how an embedding model makes one vector of its states: {@code none}, {@code mean},
   * {@code cls}, {@code last} or {@code rank}; empty if the file does not say.
   *
   * @throws CheckpointException {@code VALUE} for another number
   */
  public Optional<String> pooling() {
    List<String> names = List.of("none", "mean", "cls", "last", "rank");
    String key = architecture.name() + ".pooling_type";
    return file.values()
        .find(key)
        .map(GgufValue::integer)
        .map(number -> {
          if (number < 0 || number >= names.size()) {
            throw new CheckpointException(
                Kind.VALUE,
                file.describe() + ", metadata " + Quoted.of(key),
                "a number from 0 to 4",
                number + "",
                GgufCursor.REMEDY);
          }
          return names.get(number.intValue());
        });
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public Tensor read(String name) {
    info(name);
    Place place = place(name);
    String where = at(place.ours());
    if (place.layout() == TensorLayout.EXPERTS) {
      return file.read(place.ours(), place.expert());
    }
    if (place.layout() == TensorLayout.SAME) {
      return file.read(place.ours());
    }
    int heads = place.layout().isPairs() ? heads(place.layout()) : 0;
    try (TensorScope scope = TensorScope.open()) {
      return scope.keep(place.layout().theirs(where, file.read(place.ours()), heads));
    }
  }

  private int heads(TensorLayout layout) {
    GgufConfig config = new GgufConfig(file, architecture.modelType());
    String key = "attention.head_count";
    int heads = config.integer(key);
    if (layout == TensorLayout.KEY_PAIRS) {
      key += "_kv";
      heads = config.integer(key, heads);
    }
    if (heads < 1) {
      throw config.refused(key, "at least one head", heads + "");
    }
    return heads;
  }

  private Place place(String name) {
    return Objects.requireNonNull(places.get(name), name);
  }

  @Override
  public String describe() {
    return file.describe();
  }

  @Override
  public void close() {
    file.close();
  }

  private String at(String name) {
    return file.describe() + ", tensor " + Quoted.of(name);
  }
}
