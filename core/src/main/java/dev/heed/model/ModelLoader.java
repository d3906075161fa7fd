package dev.heed.model;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.nn.WeightsMismatchException;
import dev.heed.tensor.DType;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.ShapeException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Loads a model of any family: finds the family, maps names, builds, and sees to it that no key and
 * no tensor is left over. What a failed load opened is closed again.
 */
public final class ModelLoader {
  private final ModelFiles files;
  private final @Nullable DType dtype;
  private final boolean packed;
  private final @Nullable String architecture;

  private ModelLoader(
      ModelFiles files, @Nullable DType dtype, boolean packed, @Nullable String architecture) {
    this.files = files;
    this.dtype = dtype;
    this.packed = packed;
    this.architecture = architecture;
  }

  /** From these files, as they are stored. */
  public static ModelLoader of(ModelFiles files) {
    return new ModelLoader(files, null, false, null);
  }

  /** The same with floating-point weights converted to one type. */
  public ModelLoader as(DType other) {
    return new ModelLoader(files, other, packed, architecture);
  }

  /** The same laid out for fast use without gradients; see {@link Weights#packed()}. */
  public ModelLoader packed() {
    return new ModelLoader(files, dtype, true, architecture);
  }

  /** The same built as another architecture of the family, for example the encoder alone. */
  public ModelLoader architecture(String name) {
    return new ModelLoader(files, dtype, packed, name);
  }

  /**
   * The same without a head: what gives {@code last_hidden_state}. Tensors of the head are left.
   *
   * @throws CheckpointException for a family that Heed does not know, or that has no bare model
   */
  public ModelLoader bare() {
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    ModelFamilies.Choice choice = ModelFamilies.of(config);
    String bare = choice.family().bare(choice.architecture());
    if (bare == null) {
      throw config.unsupported(
          "architectures",
          "a family with a model without a head",
          config.json().get("architectures"));
    }
    return architecture(bare);
  }

  /**
   * Loads the model.
   *
   * @return owned by the caller
   * @throws CheckpointException for missing or invalid files, for a family, a config value or a
   *     tensor that Heed does not know, and for weights that the free memory does not hold
   */
  public Model load() {
    LibTorch.loadBeside();
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    try (CheckpointSource source = files.weights()) {
      return load(config, source);
    }
  }

  private Model load(ModelConfig config, WeightSource source) {
    ModelFamilies.Choice choice = ModelFamilies.of(config);
    if (architecture != null) {
      choice = new ModelFamilies.Choice(choice.family(), architecture);
    }
    FreeMemory.require(config.where(), source, dtype == null ? mixed(source) : dtype);
    Model model = build(choice, config, source, dtype, packed, architecture != null).model();
    try {
      model.changeRuns(files.runChange(model));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    return model;
  }

  /**
   * A built model and what its tensors are called in its file.
   *
   * @param model owned by the caller
   * @param fileNames from the modules' names to the file's
   */
  public record Built(Model model, Map<String, String> fileNames) {}

  /**
   * Builds a model from a config and weights at hand.
   *
   * @param json the config
   * @param source the weights under their file's names
   * @param dtype what floating-point weights are converted to, or null
   */
  public static Built build(
      String where, JsonNode json, WeightSource source, @Nullable DType dtype) {
    ModelConfig config = new ModelConfig(where, json);
    return build(ModelFamilies.of(config), config, source, dtype, false, false);
  }

  private static Built build(
      ModelFamilies.Choice choice,
      ModelConfig config,
      WeightSource source,
      @Nullable DType dtype,
      boolean packed,
      boolean encoderOnly) {
    UnaryOperator<String> names = choice.family().names(choice.architecture()).of(source.names());
    WeightSource renamed = source.renamed(names);
    DType one = dtype == null ? mixed(renamed) : dtype;
    Weights weights = one == null ? Weights.from(renamed) : Weights.from(renamed, one);
    if (packed) {
      weights.packed();
    }
    if (encoderOnly) {
      choice.family().names(choice.architecture()).headPaths().forEach(weights::ignoreBelow);
    }
    try {
      Model model = choice.builder().build(weights, config);
      config.requireAllKnown(choice.family().ignoredKeys());
      weights.requireAllUsed();
      return new Built(model, NameMap.back(source.names(), names));
    } catch (WeightsMismatchException | ShapeException e) {
      weights.discard();
      throw misfit(config, e);
    } catch (IllegalArgumentException e) {
      weights.discard();
      throw new CheckpointException(
          Kind.VALUE,
          config.where(),
          "values that make a model",
          String.valueOf(e.getMessage()),
          "Correct this value in the file.",
          e);
    } catch (RuntimeException e) {
      weights.discard();
      throw e;
    }
  }

  /**
   * Single precision for a file of several floating-point types, as GGUF's with norms in f32 beside
   * maps in bf16, since an operation takes one; null for a file of one type.
   */
  private static @Nullable DType mixed(WeightSource source) {
    Set<DType> types = new TreeSet<>();
    for (String name : source.names()) {
      DType type = source.dtype(name);
      if (type.isFloating()) {
        types.add(type);
      }
    }
    return types.size() > 1 ? DType.F32 : null;
  }

  /** The error for weights that are not those of a config. */
  public static CheckpointException misfit(ModelConfig config, RuntimeException e) {
    return new CheckpointException(
        Kind.VALUE,
        config.where(),
        "weights that fit the config",
        String.valueOf(e.getMessage()),
        "Use the config.json that was saved with these weights.",
        e);
  }
}
