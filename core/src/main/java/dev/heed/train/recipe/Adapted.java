package dev.heed.train.recipe;

import dev.heed.adapt.LowRankAdaptation;
import dev.heed.adapt.PrefixTuning;
import dev.heed.adapt.PromptTuning;
import dev.heed.adapt.TrainedBiases;
import dev.heed.model.Model;
import dev.heed.model.ModelStart;
import dev.heed.model.PrefixedRuns;
import dev.heed.model.PromptedRuns;
import dev.heed.model.RunChange;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.train.optim.LayerwiseDecay;
import dev.heed.train.optim.ParameterGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a model that learn, and its low-rank updates or virtual tokens if it has any.
 *
 * @param start the model
 * @param lora its updates, or null
 * @param virtual what it reads before its own tokens, or null
 * @param biases which biases learn beside these
 * @param groups what learns, by rate and decay
 */
record Adapted(
    ModelStart start,
    @Nullable LowRankAdaptation lora,
    @Nullable RunChange virtual,
    TrainedBiases biases,
    List<ParameterGroup> groups)
    implements AutoCloseable {
  /** Biases and norms, which are not drawn to 0. */
  private static final String[] SPARED = {
    "bias", "*{norm,Norm,ln_1,ln_2,ln_f,layernorm_before,layernorm_after}*.weight"
  };

  static Adapted of(ModelStart start, Recipe recipe, Generator random) {
    Adapted adapted = plain(start, recipe, random);
    Recipe.Learning how = recipe.learning();
    return how.optimizer() == Recipe.Rule.MUON
        ? new Adapted(
            start,
            adapted.lora,
            adapted.virtual,
            adapted.biases,
            MuonGroups.of(adapted.groups, start.model(), how.weightDecay()))
        : adapted;
  }

  private static Adapted plain(ModelStart start, Recipe recipe, Generator random) {
    Adaptation asked = recipe.adaptation();
    Recipe.Learning how = recipe.learning();
    Map<String, Tensor> head = new LinkedHashMap<>(start.model().trainable());
    Set<String> own = new TreeSet<>(start.fresh());
    own.addAll(start.head());
    head.keySet().retainAll(own);
    Adaptation.Lora lora = asked.lora();
    if (lora.r() > 0) {
      LowRankAdaptation updates = LowRankAdaptation.attach(start.model(), lora.config(), random);
      Map<String, Tensor> learning = new LinkedHashMap<>(updates.trainable());
      // A head that is as it was needs no learning; one that is fresh does.
      head.keySet().retainAll(start.fresh());
      learning.putAll(head);
      start
          .model()
          .parameters()
          .forEach((name, tensor) -> {
            if (lora.bias().include(name, updates.paths())) {
              learning.put(name, tensor);
            }
          });
      return new Adapted(
          start,
          updates,
          null,
          lora.bias(),
          ParameterGroup.decayAllBut(learning, how.rule(), how.learningRate(), SPARED));
    }
    if (asked.prefix().length() > 0 || asked.prompt().length() > 0) {
      head.keySet().retainAll(start.fresh());
      return reading(start, recipe, random, head);
    }
    if (asked.parts() == Adaptation.Parts.HEAD && head.isEmpty()) {
      throw new IllegalArgumentException(
          "parts: expected a model with a head of its own, got one whose parameters all belong to"
              + " the base model; train all");
    }
    Map<String, Tensor> learning =
        asked.parts() == Adaptation.Parts.HEAD ? head : start.model().trainable();
    return new Adapted(
        start,
        null,
        null,
        TrainedBiases.NONE,
        asked.layerDecay() == 1
            ? ParameterGroup.decayAllBut(learning, how.rule(), how.learningRate(), SPARED)
            : new LayerwiseDecay(asked.layerDecay())
                .groups(learning, head.keySet(), how.rule(), how.learningRate(), SPARED));
  }

  /** A frozen model that reads fresh virtual tokens in every run, until this is closed. */
  private static Adapted reading(
      ModelStart start, Recipe recipe, Generator random, Map<String, Tensor> head) {
    RecipeKeys.require(
        !start.isFresh(), "prefix, prompt", "a model that was trained", "one from nothing");
    Model model = start.model();
    Adaptation.Prefix prefix = recipe.adaptation().prefix();
    int prompt = recipe.adaptation().prompt().length();
    DType dtype = model.trainable().values().iterator().next().dtype();
    Weights weights = Weights.initialise(random, dtype);
    Map<String, Tensor> learning = new LinkedHashMap<>();
    RunChange virtual;
    if (prompt > 0) {
      PromptTuning rows =
          new PromptTuning(weights.child("virtual"), prompt, PromptedRuns.size(model));
      PromptedRuns.begin(rows, model);
      learning.putAll(rows.trainable());
      virtual = new PromptedRuns(model, rows);
    } else {
      PrefixTuning.Layout layout = PrefixTuning.Layout.of(model, prefix.length(), prefix.middle());
      PrefixTuning rows = new PrefixTuning(weights.child("virtual"), layout);
      learning.putAll(rows.trainable());
      virtual = new PrefixedRuns(rows);
    }
    model.changeRuns(virtual);
    learning.putAll(head);
    Recipe.Learning how = recipe.learning();
    return new Adapted(
        start,
        null,
        virtual,
        TrainedBiases.NONE,
        ParameterGroup.decayAllBut(learning, how.rule(), how.learningRate(), SPARED));
  }

  /** How many numbers learn. */
  long count() {
    return groups.stream()
        .flatMap(group -> group.parameters().values().stream())
        .mapToLong(Tensor::elements)
        .sum();
  }

  /** The maps with their updates added, by the names of the model's weights. */
  Map<String, Tensor> merged() {
    LowRankAdaptation updates = lora;
    Map<String, Tensor> merged = new LinkedHashMap<>();
    if (updates == null) {
      return merged;
    }
    for (Linear linear : start.model().modules(Linear.class)) {
      if (updates.paths().contains(linear.path())) {
        Tensor sum = linear.effectiveWeight().detach();
        merged.put(linear.path() + ".weight", linear.isTransposed() ? sum.transpose(0, 1) : sum);
      }
    }
    return merged;
  }

  /** What learned in full beside the updates. */
  Map<String, Tensor> beside() {
    Map<String, Tensor> beside = new LinkedHashMap<>();
    groups.forEach(group -> beside.putAll(group.parameters()));
    if (lora != null) {
      beside.keySet().removeAll(lora.trainable().keySet());
    }
    if (virtual != null) {
      beside.keySet().retainAll(start.model().parameters().keySet());
    }
    return beside;
  }

  @Override
  public void close() {
    if (lora != null) {
      lora.close();
    }
    if (virtual != null) {
      start.model().changeRuns(null);
      virtual.close();
    }
  }
}
