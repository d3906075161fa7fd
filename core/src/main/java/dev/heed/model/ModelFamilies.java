package dev.heed.model;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.nn.ClosestNames;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** All families on the class path, and which one a config belongs to. */
public final class ModelFamilies {
  private static final List<ModelFamily> ALL =
      ServiceLoader.load(ModelFamily.class, ModelFamilies.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private ModelFamilies() {}

  /**
   * A family and the architecture that a config names.
   *
   * @param family never null
   * @param architecture one of the family's
   */
  public record Choice(ModelFamily family, String architecture) {
    /** What builds the model. */
    public ModelFamily.Builder builder() {
      return java.util.Objects.requireNonNull(family.architectures().get(architecture));
    }
  }

  /** Every family. */
  public static List<ModelFamily> all() {
    return ALL;
  }

  /**
   * Finds a config's family by its {@code architectures}, then by its {@code model_type}.
   *
   * @throws CheckpointException {@code UNSUPPORTED} with the closest names and the list, if Heed
   *     does not have it
   */
  public static Choice of(ModelConfig config) {
    List<String> architectures = new ArrayList<>();
    config.json().path("architectures").forEach(name -> architectures.add(name.asString("")));
    String type = config.json().path("model_type").asString("");
    for (ModelFamily family : ALL) {
      if (type.isEmpty() || family.modelTypes().contains(type)) {
        for (String architecture : architectures) {
          if (family.architectures().containsKey(architecture)) {
            return new Choice(family, architecture);
          }
        }
      }
    }
    for (ModelFamily family : ALL) {
      if (family.modelTypes().contains(type) && architectures.isEmpty()) {
        return new Choice(family, family.architectures().firstEntry().getKey());
      }
    }
    if (type.isEmpty() && architectures.isEmpty()) {
      // Early conversions say nothing, and all are BERT's: their tensors' names are checked next.
      return first("bert");
    }
    throw unknown(config, architectures, type);
  }

  private static Choice first(String type) {
    ModelFamily family =
        ALL.stream().filter(f -> f.modelTypes().contains(type)).findFirst().orElseThrow();
    return new Choice(family, family.architectures().firstEntry().getKey());
  }

  private static CheckpointException unknown(
      ModelConfig config, List<String> architectures, String type) {
    TreeSet<String> types = new TreeSet<>();
    TreeSet<String> names = new TreeSet<>();
    for (ModelFamily family : ALL) {
      types.addAll(family.modelTypes());
      if (type.isEmpty() || family.modelTypes().contains(type)) {
        names.addAll(family.architectures().keySet());
      }
    }
    boolean familyKnown = types.contains(type);
    JsonNode got = config.json().get(familyKnown ? "architectures" : "model_type");
    List<String> close =
        familyKnown
            ? architectures.stream().flatMap(a -> ClosestNames.to(a, names).stream()).toList()
            : ClosestNames.to(type, types);
    return new CheckpointException(
        Kind.UNSUPPORTED,
        config.where(),
        familyKnown ? "architectures with one of " + names : "a model_type among " + types,
        (got == null ? "none" : Quoted.of(got.toString()))
            + (familyKnown ? "" : " with architectures " + Quoted.of(architectures.toString())),
        close.isEmpty() ? "Heed does not have this model." : "Closest: " + close + ".");
  }
}
