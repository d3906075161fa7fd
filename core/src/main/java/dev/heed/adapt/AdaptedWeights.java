package dev.heed.adapt;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.nn.ClosestNames;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A base model's weights with a peft adapter's updates added as they are read, {@code W + ΔW}, and
 * its saved modules in place of the base's. Closing it closes both.
 */
public final class AdaptedWeights implements CheckpointSource {
  private static final String B = ".lora_B.weight";

  private final CheckpointSource base;
  private final CheckpointSource adapter;
  private final @Nullable LoraConfig config;
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, String> baseNames = new LinkedHashMap<>();
  private final Map<String, String> adapterNames = new LinkedHashMap<>();

  /**
   * Puts an adapter on a base.
   *
   * @param base the model that was adapted; owned by this object
   * @param names from its file's names to the modules'
   * @param kept which of the file's names are wanted: a head may have made way for another
   * @param adapter the tensors of {@code adapter_model.safetensors}; owned by this object
   * @param config how they are scaled
   * @throws CheckpointException {@code VALUE} if the adapter changes a map that the base lacks
   */
  public AdaptedWeights(
      CheckpointSource base,
      UnaryOperator<String> names,
      Predicate<String> kept,
      CheckpointSource adapter,
      AdapterConfig config) {
    this.base = base;
    this.adapter = adapter;
    this.config = config.isVirtual() ? null : config.lora(adapter.describe());
    base.tensors()
        .forEach((name, info) -> {
          if (kept.test(name)) {
            tensors.put(names.apply(name), info);
            baseNames.put(names.apply(name), name);
          }
        });
    String beginning = config.isVirtual() ? PrefixFolder.SAVED : LowRankAdaptation.PREFIX;
    for (String name : adapter.names()) {
      if (config.isVirtual() && name.equals(PrefixFolder.EMBEDDINGS)) {
        continue;
      }
      String own = LowRankAdaptation.withoutLastPart(name);
      if (!own.startsWith(beginning)) {
        throw unknown(name, "a name that begins with " + beginning);
      }
      String path = own.substring(beginning.length());
      adapterNames.put(path, name);
      if (!isUpdate(path)) {
        tensors.put(path, adapter.info(name));
      }
    }
    for (String path : adapterNames.keySet()) {
      String map = isUpdate(path) ? path.replaceFirst("\\.lora_.*", "") : "";
      if (!map.isEmpty() && !tensors.containsKey(map + ".weight")) {
        throw unknown(
            map,
            "one of the base model's maps, the closest being "
                + ClosestNames.to(map + ".weight", tensors.keySet()));
      }
    }
  }

  private CheckpointException unknown(String name, String expected) {
    return new CheckpointException(
        Kind.VALUE,
        adapter.describe(),
        expected,
        Quoted.of(name),
        "Use the base model that base_model_name_or_path names.");
  }

  private static boolean isUpdate(String path) {
    return path.endsWith(LowRankAdaptation.SUFFIX)
        || path.endsWith(B)
        || path.endsWith("." + AdaptedLinear.MAGNITUDE);
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return base.metadata();
  }

  @Override
  public Shape shape(String name) {
    info(name);
    return adapterNames.containsKey(name)
        ? adapter.shape(adapterNames.get(name))
        : base.shape(baseName(name));
  }

  /** Single precision for what is added up, and for what the adapter brings. */
  @Override
  public DType dtype(String name) {
    info(name);
    if (adapterNames.containsKey(name) || adapterNames.containsKey(map(name) + B)) {
      return DType.F32;
    }
    return base.dtype(baseName(name));
  }

  private LoraConfig config() {
    return Objects.requireNonNull(config, "updates: expected a LoRA adapter, got virtual tokens");
  }

  private String baseName(String name) {
    return baseNames.getOrDefault(name, name);
  }

  private static String map(String name) {
    return name.endsWith(".weight") ? name.substring(0, name.length() - ".weight".length()) : name;
  }

  @Override
  public Tensor read(String name) {
    info(name);
    String saved = adapterNames.get(name);
    String map = map(name);
    if (saved == null && !adapterNames.containsKey(map + B)) {
      return base.read(baseName(name));
    }
    return TensorScope.run(() -> {
      Tensor whole =
          (saved == null ? base.read(baseName(name)) : adapter.read(saved)).to(DType.F32);
      return adapterNames.containsKey(map + B) ? sum(name, map, whole) : whole;
    });
  }

  private Tensor sum(String name, String map, Tensor whole) {
    LowRankUpdate update =
        new LowRankUpdate(part(map + LowRankAdaptation.SUFFIX), part(map + B), config().scale(map));
    boolean turned = config().fanInFanOut();
    Tensor weight = turned ? whole.transpose(0, 1) : whole;
    Shape expected = Shape.of(update.b().size(0), update.a().size(1));
    boolean ranks =
        update.a().size(0) == config().rank(map) && update.b().size(1) == config().rank(map);
    if (!weight.shape().equals(expected) || !ranks) {
      throw new CheckpointException(
          Kind.SHAPE,
          adapter.describe() + ", " + Quoted.of(name),
          "an update of rank " + config().rank(map) + " of a map " + weight.shape(),
          update.a().shape() + " and " + update.b().shape(),
          "Use the base model that base_model_name_or_path names.");
    }
    String lengths = map + "." + AdaptedLinear.MAGNITUDE;
    @Nullable Tensor magnitude = config().useDora() ? part(lengths) : null;
    Tensor sum = AdaptedLinear.sum(weight, update, magnitude);
    return turned ? sum.transpose(0, 1).contiguous() : sum;
  }

  private Tensor part(String path) {
    String name = adapterNames.get(path);
    if (name == null) {
      throw unknown("nothing of this name", "the tensor " + LowRankAdaptation.PREFIX + path);
    }
    return adapter.read(name).to(DType.F32);
  }

  @Override
  public String describe() {
    return adapter.describe();
  }

  @Override
  public void close() {
    try (base) {
      adapter.close();
    }
  }
}
