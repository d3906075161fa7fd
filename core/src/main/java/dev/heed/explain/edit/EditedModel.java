package dev.heed.explain.edit;

import dev.heed.explain.ActivationPatching;
import dev.heed.explain.AttentionMap;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelOutput;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model that reads texts, whose attention can be changed for a run. It says what a classifier
 * says of the text, what a decoder says of the next token, or else its states.
 */
public final class EditedModel {
  private static final String PATTERN = ".pattern";
  private static final String BEFORE = ".resid_pre";

  private final Model model;
  private final List<String> layers;
  private final List<Integer> heads;
  private final List<String> streams;

  private EditedModel(Model model, Trace probe) {
    this.model = model;
    List<String> patterns = probe.values().keySet().stream().filter(AttentionMap::needs).toList();
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("edit: expected layers with attention, got none");
    }
    this.layers =
        patterns.stream().map(p -> p.substring(0, p.length() - PATTERN.length())).toList();
    this.heads = patterns.stream().map(p -> Math.toIntExact(probe.value(p).size(1))).toList();
    this.streams = probe.values().keySet().stream().filter(p -> p.endsWith(BEFORE)).toList();
  }

  /**
   * Finds the attention of a model, by reading one token.
   *
   * @param model stays the caller's, and open while this is used
   * @throws IllegalArgumentException for a model that reads no text, or without attention
   */
  public static EditedModel of(Model model) {
    try (TensorScope scope = TensorScope.inference();
        Trace probe = Trace.record(point -> shown(model, point))) {
      model.apply(input(model, new long[] {0}), probe);
      return new EditedModel(model, probe);
    }
  }

  /** Of what writes after reading, the reading half. */
  private static boolean shown(Model model, String point) {
    return (AttentionMap.needs(point) || point.endsWith(BEFORE))
        && (model.kind() != ModelKind.ENCODER_DECODER || ("." + point).contains(".encoder."));
  }

  private static ModelInput input(Model model, long[] ids) {
    ModelInput input = ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length));
    return model.kind() == ModelKind.ENCODER_DECODER
        ? input.with("decoder_input_ids", Tensor.of(new long[] {0}, 1, 1))
        : input;
  }

  /** How many heads each layer that attends has. */
  public List<Integer> heads() {
    return heads;
  }

  /**
   * Runs the model.
   *
   * @param ids of a text, one or more
   * @param edits all at once; none for the model as it is
   * @throws IllegalArgumentException for a layer, head or token that there is not, and for a layer
   *     whose mechanism does not let itself be changed so
   */
  public Said run(long[] ids, List<AttentionEdit> edits) {
    edits.forEach(edit -> require(edit, ids.length));
    Set<String> missed = new HashSet<>();
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.changing()) {
      for (int layer = 0; layer < layers.size(); layer++) {
        int number = layer;
        List<AttentionEdit> own =
            edits.stream()
                .filter(edit -> edit.layer() == number || edit.layer() == AttentionEdit.ALL)
                .toList();
        new LayerEdit(layers.get(layer), own, missed).into(trace);
      }
      ModelOutput output = model.apply(input(model, ids), trace);
      if (!missed.isEmpty()) {
        throw new IllegalArgumentException(
            "edit: expected heads that compute softmax(q·k)·v, got others without " + missed);
      }
      return said(output);
    }
  }

  private void require(AttentionEdit edit, int tokens) {
    int layer = edit.layer();
    require("layer", layer, layers.size(), true);
    int most = layer < 0 ? heads.stream().min(Integer::compare).orElse(0) : heads.get(layer);
    switch (edit) {
      case AttentionEdit.HeadOff(int l, int head) -> require("head", head, most, true);
      case AttentionEdit.Knockout(int l, int head, int query, int key) -> {
        require("head", head, most, true);
        require("query", query, tokens, true);
        require("key", key, tokens, false);
      }
    }
  }

  private static void require(String what, int number, int count, boolean all) {
    if (number >= count || number < (all ? AttentionEdit.ALL : 0)) {
      throw new IllegalArgumentException(
          what
              + ": expected a number from 0 to "
              + (count - 1)
              + (all ? ", or ALL" : "")
              + ", got "
              + number);
    }
  }

  private Said said(ModelOutput output) {
    Tensor states = states(output).select(0, 0).to(DType.F64);
    double[][] rows = new double[Math.toIntExact(states.size(0))][];
    for (int token = 0; token < rows.length; token++) {
      rows[token] = states.select(0, token).toDoubleArray();
    }
    Tensor scores = scores(output);
    return new Said(scores == null ? new double[0] : probabilities(scores.to(DType.F64)), rows);
  }

  private static double[] probabilities(Tensor scores) {
    if (scores.elements() > 1) {
      return scores.softmax(-1).toDoubleArray();
    }
    double yes = scores.sigmoid().item();
    return new double[] {1 - yes, yes};
  }

  private Tensor states(ModelOutput output) {
    return model.kind() == ModelKind.ENCODER_DECODER
        ? output.require("encoder_last_hidden_state")
        : output.lastHiddenState();
  }

  /** Of classes, or of the token after the last; null for a model that gives vectors only. */
  private @Nullable Tensor scores(ModelOutput output) {
    Tensor logits = output.get("logits");
    if (logits == null) {
      return null;
    }
    if (logits.rank() == 2) {
      return logits.select(0, 0);
    }
    return model.kind() == ModelKind.DECODER ? logits.select(0, 0).select(0, -1) : null;
  }

  /**
   * Patches the run of one text with activations of another, one at a time.
   *
   * @param clean ids of the text whose outcome is sought
   * @param corrupted of another, as many
   * @throws IllegalArgumentException for texts of different lengths, texts of which the model says
   *     the same, and layers whose heads give no output of their own
   */
  public Patched patch(long[] clean, long[] corrupted) {
    if (clean.length != corrupted.length) {
      throw new IllegalArgumentException(
          "patch: expected as many tokens in both texts, got "
              + clean.length
              + " and "
              + corrupted.length);
    }
    Said first = run(clean, List.of());
    Said second = run(corrupted, List.of());
    List<String> outputs = layers.stream().map(layer -> layer + ".z").toList();
    Set<String> points = new HashSet<>(streams);
    points.addAll(outputs);
    Function<ModelOutput, Tensor> score = score(first, second);
    try (TensorScope scope = TensorScope.inference();
        ActivationPatching patching =
            ActivationPatching.of(
                points,
                trace -> score.apply(model.apply(input(model, clean), trace)),
                trace -> score.apply(model.apply(input(model, corrupted), trace)))) {
      if (Math.abs(patching.clean() - patching.corrupted()) < 1e-9) {
        throw new IllegalArgumentException(
            "patch: expected texts of which the model says something else, got two alike");
      }
      List<double[]> all = new ArrayList<>();
      for (String output : outputs) {
        all.add(patching.normalized(patching.heads(List.of(output))).toDoubleArray());
      }
      return new Patched(
          first,
          second,
          rows(patching.normalized(patching.positions(streams))),
          all.toArray(double[][]::new));
    }
  }

  /**
   * What tells the first text's outcome from the second's: the difference of the logits of what the
   * model says of each; if that is the same, its log-probability; of vectors, the part of their
   * mean in the direction from the second to the first.
   */
  private Function<ModelOutput, Tensor> score(Said first, Said second) {
    if (first.best() < 0) {
      double[] direction = first.mean();
      double[] from = second.mean();
      for (int i = 0; i < direction.length; i++) {
        direction[i] -= from[i];
      }
      return output ->
          states(output)
              .select(0, 0)
              .to(DType.F64)
              .mean(0, false)
              .mul(Tensor.of(direction, direction.length))
              .sum();
    }
    return output -> {
      Tensor scores = Objects.requireNonNull(scores(output)).to(DType.F64);
      if (scores.elements() == 1) {
        return scores.select(0, 0);
      }
      Tensor said = scores.select(0, first.best());
      return first.best() == second.best()
          ? said.sub(scores.logSumExp(0, false))
          : said.sub(scores.select(0, second.best()));
    };
  }

  private static double[][] rows(Tensor matrix) {
    double[][] rows = new double[Math.toIntExact(matrix.size(0))][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = matrix.select(0, row).toDoubleArray();
    }
    return rows;
  }
}
