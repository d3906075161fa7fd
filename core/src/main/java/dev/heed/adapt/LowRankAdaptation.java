package dev.heed.adapt;

import dev.heed.nn.ClosestNames;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.PathPattern;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Low-rank updates of chosen maps of a model that is built already: {@code y = x · Wᵀ + b + (α / r)
 * · x · Aᵀ · Bᵀ} (Hu et al. 2021, section 4.1).
 *
 * <p>The model is frozen and otherwise as it was; what learns are this module's parameters, named
 * as in peft's files: {@code base_model.model.<path>.lora_A.weight [r, in]} and {@code
 * lora_B.weight [out, r]}, the path being that within the model; with DoRA also {@code
 * lora_magnitude_vector [out]}. Closing it gives the model its own maps back, which stay frozen.
 *
 * {@snippet :
 * LoraConfig config = new LoraConfig(8, 16, "*.attention.self.{query,value}");
 * try (LowRankAdaptation lora = LowRankAdaptation.attach(model, config, generator)) {
 *   train(lora.trainable(), () -> loss(model.apply(input, trace)));
 *   lora.merge(); // costs nothing more from here on
 * }
 * }
 */
public final class LowRankAdaptation extends Module {
  static final String PREFIX = "base_model.model.";
  static final String SUFFIX = ".lora_A.weight";

  private final LoraConfig config;
  private final Module model;
  private final Map<String, AdaptedLinear> maps = new LinkedHashMap<>();
  private boolean merged;

  private LowRankAdaptation(Weights weights, Module model, LoraConfig config) {
    super(weights);
    this.config = config;
    this.model = model;
  }

  /**
   * Starts an adaptation that changes nothing yet ({@code B = 0}), and freezes the model.
   *
   * @param model any module; its parts that are a {@link Linear} with a weight of their own can be
   *     adapted
   * @param generator for the first A
   * @return owned by the caller; close it before the model
   * @throws IllegalArgumentException if a pattern fits no map, naming the closest
   * @throws IllegalStateException if a map is adapted already
   */
  public static LowRankAdaptation attach(Module model, LoraConfig config, Generator generator) {
    Map<String, Linear> known = maps(model);
    Map<String, Linear> chosen = new LinkedHashMap<>();
    for (String text : config.targetModules()) {
      PathPattern pattern = PathPattern.of(text);
      List<String> fitting = known.keySet().stream().filter(pattern::matches).toList();
      if (fitting.isEmpty()) {
        throw unknown(text, known.keySet());
      }
      fitting.forEach(path -> chosen.put(path, known.get(path)));
    }
    DType dtype = chosen.values().iterator().next().stored().dtype();
    return attached(Weights.initialise(generator, dtype), model, config, chosen.values());
  }

  /**
   * Puts a saved adaptation on a model: on the maps whose updates the source holds, whatever the
   * configuration's patterns say. The model and the updates are frozen; {@code requiresGrad(true)}
   * lets the updates learn on.
   *
   * @param source tensors under peft's names
   * @return owned by the caller; close it before the model
   * @throws IllegalArgumentException if the model has no such map, or the source holds anything
   *     else
   * @throws dev.heed.tensor.ShapeException if an update does not fit its map
   */
  public static LowRankAdaptation attach(Module model, LoraConfig config, WeightSource source) {
    Map<String, Linear> known = maps(model);
    List<Linear> chosen = new ArrayList<>();
    for (String name : source.names()) {
      if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
        String path = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        Linear linear = known.get(path);
        if (linear == null) {
          throw unknown(path, known.keySet());
        }
        chosen.add(linear);
      }
    }
    // peft names the lengths without or with a last part.
    WeightSource named = source.renamed(LowRankAdaptation::withoutLastPart);
    return attached(Weights.from(named), model, config, chosen);
  }

  static String withoutLastPart(String name) {
    String end = AdaptedLinear.MAGNITUDE + ".weight";
    return name.endsWith(end) ? name.substring(0, name.length() - ".weight".length()) : name;
  }

  private static LowRankAdaptation attached(
      Weights weights, Module model, LoraConfig config, Collection<Linear> chosen) {
    for (Linear linear : chosen) {
      if (linear.adaptation() != null) {
        throw new IllegalStateException(
            "LoRA: " + linear.path() + " is adapted already; close the other adaptation first");
      }
    }
    LowRankAdaptation adaptation = new LowRankAdaptation(weights, model, config);
    try {
      for (Linear linear : chosen) {
        String path = relative(model, linear);
        Weights child = weights.child(PREFIX + path);
        adaptation.maps.put(path, new AdaptedLinear(linear, child, config, path));
      }
      weights.requireAllUsed();
    } catch (RuntimeException e) {
      adaptation.close();
      throw e;
    }
    model.requiresGrad(false);
    adaptation.maps.values().forEach(AdaptedLinear::attach);
    return adaptation;
  }

  /** The path as the model itself would name it, also where the model is a part of a checkpoint. */
  private static String relative(Module model, Linear linear) {
    int skipped = model.path().isEmpty() ? 0 : model.path().length() + 1;
    return linear.path().substring(Math.min(skipped, linear.path().length()));
  }

  /** The model's maps by path, without those that share another module's table. */
  private static Map<String, Linear> maps(Module model) {
    Map<String, Tensor> parameters = model.parameters();
    Map<String, Linear> maps = new LinkedHashMap<>();
    for (Linear linear : model.modules(Linear.class)) {
      if (parameters.get(linear.path() + ".weight") == linear.stored()) {
        maps.put(relative(model, linear), linear);
      }
    }
    return maps;
  }

  private static IllegalArgumentException unknown(String pattern, Collection<String> paths) {
    long parts = pattern.chars().filter(letter -> letter == '.').count() + 1;
    Set<String> ends = new LinkedHashSet<>();
    Set<String> last = new LinkedHashSet<>();
    for (String path : paths) {
      ends.add(end(path, parts));
      last.add(end(path, 1));
    }
    List<String> close = ClosestNames.to(pattern, ends);
    return new IllegalArgumentException(
        "LoRA: expected the path of a linear map or its end, got \""
            + pattern
            + "\"; "
            + (close.isEmpty() ? "the model's maps end in " + last : "the closest are " + close));
  }

  private static String end(String path, long parts) {
    int from = path.length();
    for (long i = 0; i < parts && from > 0; i++) {
      from = path.lastIndexOf('.', from - 1);
    }
    return path.substring(from + 1);
  }

  /**
   * Computes by {@code W + ΔW} from now on, as fast as the model alone, until {@link #unmerge}. The
   * weights themselves stay beside the sums. What the updates learn while merged has no effect.
   */
  public void merge() {
    maps.values().forEach(AdaptedLinear::merge);
    merged = true;
  }

  /** Computes by weight and update apart again: the bits are those before {@link #merge}. */
  public void unmerge() {
    maps.values().forEach(AdaptedLinear::unmerge);
    merged = false;
  }

  /** Whether the model computes by merged weights now. */
  public boolean isMerged() {
    return merged;
  }

  /** Rank, scale and targets. */
  public LoraConfig config() {
    return config;
  }

  /** The paths of the adapted maps within the model, in the order they were chosen. */
  public List<String> paths() {
    return List.copyOf(maps.keySet());
  }

  /** Whether a checkpoint's file has these maps {@code [in, out]}, as GPT-2's. */
  boolean isTransposed() {
    return maps.values().stream().anyMatch(AdaptedLinear::isTransposed);
  }

  /** Which part of all parameters, the model's and its own, this adaptation trains; in (0, 1). */
  public double trainedShare() {
    return parameterCount() / (double) (parameterCount() + model.parameterCount());
  }

  /** One line for people: rank, maps, and the share of parameters that are trained. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "LoRA of rank %d on %d maps trains %,d of %,d parameters (%.2f %%)",
        config.r(),
        maps.size(),
        parameterCount(),
        parameterCount() + model.parameterCount(),
        100 * trainedShare());
  }

  @Override
  protected void closing() {
    unmerge();
    maps.values().forEach(AdaptedLinear::detach);
  }
}
