package dev.heed.model;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.nn.WeightsMismatchException;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model at the beginning of its training: from nothing, or a checkpoint's with a head that may
 * start fresh.
 *
 * @param model owned by the caller
 * @param config what the model was built of
 * @param names from the modules' names to those to save under
 * @param head the names of the parameters that stand on the base model
 * @param fresh the names of the parameters that a checkpoint did not have
 */
public record ModelStart(
    Model model, JsonNode config, Map<String, String> names, Set<String> head, Set<String> fresh) {

  /** Whether nothing was trained before. */
  public boolean isFresh() {
    return fresh.containsAll(model.parameters().keySet());
  }

  /**
   * The config of the same family with another head.
   *
   * @param config of a checkpoint
   * @param endings how the names of fitting architectures end, for example {@code
   *     ForSequenceClassification}; the one that is nearest to the checkpoint's own is taken
   * @param labels the classes, or none to leave them
   * @throws CheckpointException {@code UNSUPPORTED} if the family has no such architecture
   */
  public static ObjectNode config(
      String where, JsonNode config, List<String> endings, List<String> labels) {
    ModelConfig keys = new ModelConfig(where, config);
    ModelFamilies.Choice choice = ModelFamilies.of(keys);
    String best = null;
    for (String name : choice.family().architectures().keySet()) {
      boolean fits = endings.stream().anyMatch(name::endsWith);
      boolean closer =
          best == null
              || NameMap.sharedBeginning(name, choice.architecture())
                  > NameMap.sharedBeginning(best, choice.architecture());
      if (fits && closer) {
        best = name;
      }
    }
    if (best == null) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "a family with an architecture that ends in one of " + endings,
          choice.family().architectures().keySet().toString(),
          "Take a checkpoint of another family for this task.");
    }
    ObjectNode changed = ((ObjectNode) config).deepCopy();
    ArrayNode architectures = changed.putArray("architectures");
    architectures.add(best);
    if (!labels.isEmpty()) {
      ObjectNode byNumber = changed.putObject("id2label");
      ObjectNode byName = changed.putObject("label2id");
      for (int i = 0; i < labels.size(); i++) {
        byNumber.put(String.valueOf(i), labels.get(i));
        byName.put(labels.get(i), i);
      }
      changed.remove(List.of("num_labels", "problem_type"));
    }
    return changed;
  }

  /**
   * The config of the same family without a head.
   *
   * @param config of a checkpoint
   * @throws CheckpointException {@code UNSUPPORTED} if the family has no such model
   */
  public static ObjectNode bare(String where, JsonNode config) {
    ModelFamilies.Choice choice = ModelFamilies.of(new ModelConfig(where, config));
    String bare = choice.family().bare(choice.architecture());
    if (bare == null) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "a family with a model without a head",
          choice.family().architectures().keySet().toString(),
          "Take a checkpoint of another family for this task.");
    }
    ObjectNode changed = ((ObjectNode) config).deepCopy();
    changed.putArray("architectures").add(bare);
    return changed;
  }

  /**
   * A model of fresh parameters.
   *
   * @param config of a family
   */
  public static ModelStart fromNothing(
      String where, JsonNode config, DType dtype, Generator random) {
    ModelConfig keys = new ModelConfig(where, config);
    ModelFamilies.Choice choice = ModelFamilies.of(keys);
    Weights weights = Weights.initialise(random, dtype);
    Model model = build(choice, keys, weights);
    Map<String, Tensor> all = model.parameters();
    Set<String> head = below(all.keySet(), isHead(choice));
    return new ModelStart(model, config, Map.of(), head, Set.copyOf(all.keySet()));
  }

  /**
   * A checkpoint's model; what its head lacks starts fresh, and what it has beyond is left.
   *
   * @param config as {@link #config} gives it, or the checkpoint's own
   * @param source the weights under their file's names
   * @param keepsHead whether a head of the right shapes that the checkpoint has is gone on with
   * @throws CheckpointException if the weights are not those of the config
   */
  public static ModelStart from(
      String where,
      JsonNode config,
      WeightSource source,
      DType dtype,
      Generator random,
      boolean keepsHead) {
    ModelConfig keys = new ModelConfig(where, config);
    ModelFamilies.Choice choice = ModelFamilies.of(keys);
    NameMap map = choice.family().names(choice.architecture());
    UnaryOperator<String> names = map.of(source.names());
    Predicate<String> isHead = isHead(choice);
    WeightSource renamed = source.renamed(names);
    Weights weights =
        Weights.from(
            keepsHead ? renamed : new WithoutHead(renamed, below(renamed.names(), isHead)), dtype);
    weights.startingFresh(random, isHead.or(name -> name.contains("pooler.")));
    map.headPaths().forEach(weights::ignoreBelow);
    Model model = build(choice, keys, weights);
    Map<String, String> saved = new LinkedHashMap<>();
    NameMap.back(source.names(), names)
        .forEach((own, file) -> {
          // Without the base model's prefix a file with a head could not be read elsewhere.
          if (!own.endsWith("." + file)) {
            saved.put(own, file);
          }
        });
    Set<String> head = below(model.parameters().keySet(), isHead);
    return new ModelStart(model, config, saved, head, weights.startedFresh());
  }

  private static Model build(ModelFamilies.Choice choice, ModelConfig keys, Weights weights) {
    try {
      Model model = choice.builder().build(weights, keys);
      keys.requireAllKnown(choice.family().ignoredKeys());
      weights.requireAllUsed();
      return model;
    } catch (WeightsMismatchException | ShapeException e) {
      weights.discard();
      throw ModelLoader.misfit(keys, e);
    } catch (RuntimeException e) {
      weights.discard();
      throw e;
    }
  }

  private static Predicate<String> isHead(ModelFamilies.Choice choice) {
    List<String> heads = choice.family().names(choice.architecture()).heads();
    return name ->
        heads.stream().anyMatch(head -> name.startsWith(head.endsWith(".") ? head : head + "."));
  }

  private static Set<String> below(Set<String> names, Predicate<String> wanted) {
    Set<String> found = new TreeSet<>(names);
    found.removeIf(wanted.negate());
    return found;
  }

  /**
   * Weights but for some.
   *
   * @param all of them
   * @param left names that are not there
   */
  private record WithoutHead(WeightSource all, Set<String> left) implements WeightSource {
    @Override
    public Set<String> names() {
      Set<String> names = new LinkedHashSet<>(all.names());
      names.removeAll(left);
      return names;
    }

    @Override
    public Shape shape(String name) {
      return all.shape(name);
    }

    @Override
    public DType dtype(String name) {
      return all.dtype(name);
    }

    @Override
    public Tensor read(String name) {
      return all.read(name);
    }
  }

  /**
   * The model's tensors under the names to save them by.
   *
   * @param changed others in place of some, by the modules' names
   */
  public Map<String, Tensor> saved(Map<String, Tensor> changed) {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    model
        .parameters()
        .forEach((name, tensor) -> {
          Tensor other = changed.get(name);
          saved.put(names.getOrDefault(name, name), other == null ? tensor : other);
        });
    return saved;
  }
}
