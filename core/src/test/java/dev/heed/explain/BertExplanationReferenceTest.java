package dev.heed.explain;

import static dev.heed.explain.RecordedExplanation.inBoth;

import dev.heed.evaluate.Correlation;
import dev.heed.explain.Faithfulness.Removal;
import dev.heed.explain.bias.AssociationTest;
import dev.heed.nn.Trace;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What explains a BERT classifier equals its recordings. */
@Tag("integration")
class BertExplanationReferenceTest {

  @TestFactory
  Stream<DynamicTest> recorded() {
    return Stream.of(
            inBoth("alti_bert", with(BertExplanationReferenceTest::alti)),
            inBoth("attention_permutation_bert", with(BertExplanationReferenceTest::permutation)),
            inBoth("eraser_bert", with(BertExplanationReferenceTest::eraser)),
            inBoth("gradients_bert", 1e-3, with(BertExplanationReferenceTest::gradients)),
            inBoth("head_importance_bert", with(BertExplanationReferenceTest::headImportance)),
            inBoth("weat", BertExplanationReferenceTest::weat))
        .flatMap(tests -> tests);
  }

  private static Consumer<RecordedExplanation> with(
      BiConsumer<RecordedExplanation, ExplainedBert> test) {
    return recorded -> {
      try (ExplainedBert model = new ExplainedBert(recorded.setting("model"), recorded.dtype())) {
        test.accept(recorded, model);
      }
    };
  }

  private static Tensor logits(RecordedExplanation recorded, ExplainedBert model, Trace trace) {
    return model.logits(
        recorded.input("input_ids"),
        recorded.inputOrNull("attention_mask"),
        recorded.input("token_type_ids"),
        trace);
  }

  private static void alti(RecordedExplanation recorded, ExplainedBert model) {
    List<AltiLayer> layers = new ArrayList<>();
    try (Trace trace = Trace.record(point -> true)) {
      logits(recorded, model, trace);
      Tensor input = trace.value("bert.embeddings.hidden");
      for (String layer : model.points("attention")) {
        layers.add(
            new AltiLayer(
                trace.value(layer + ".self.pattern"),
                trace.value(layer + ".self.values"),
                input,
                model.parameter(layer + ".output.dense.weight"),
                model.parameter(layer + ".output.dense.bias"),
                model.parameter(layer + ".output.LayerNorm.weight"),
                model.parameter(layer + ".output.LayerNorm.bias"),
                model.epsilon()));
        input = trace.value(layer.replace(".attention", ".resid_post"));
      }
      Tensor contributions = AltiLayer.contributions(layers);
      recorded.output("contributions", contributions);
      recorded.output("rollout", AltiLayer.rollout(contributions));
    }
  }

  private static void permutation(RecordedExplanation recorded, ExplainedBert model) {
    String last = model.points("attention.self.pattern").getLast();
    try (Trace trace = Trace.record(last::equals)) {
      logits(recorded, model, trace);
      // [trials, heads, keys] to [trials, batch, heads, queries, keys]
      Tensor permutations = recorded.input("permutations").unsqueeze(1).unsqueeze(3);
      AttentionAlternatives permuted =
          AttentionAlternatives.permuted(
              trace.value(last),
              permutations,
              pattern -> {
                try (Trace patched = Trace.changing().patch(last, pattern)) {
                  return logits(recorded, model, patched).softmax(-1);
                }
              });
      recorded.output("probabilities", permuted.prediction());
      recorded.output("permuted_probabilities", permuted.predictions().select(1, 0));
      recorded.output("tvd", permuted.totalVariation().select(1, 0));
      recorded.output("median_tvd", permuted.medianTotalVariation().select(0, 0));
    }
  }

  private static void headImportance(RecordedExplanation recorded, ExplainedBert model) {
    List<Function<Trace, Tensor>> losses = new ArrayList<>();
    Tensor labels = recorded.input("labels");
    for (int row = 0; row < labels.size(0); row++) {
      TokenText text = text(recorded, row);
      Tensor label = labels.narrow(0, row, 1);
      losses.add(trace -> Loss.crossEntropy(logits(model, text, trace), label));
    }
    List<String> points = model.points("attention.self.z");
    HeadImportance importance = HeadImportance.of(points, losses);
    recorded.output("gradient", importance.gradients());
    recorded.output("importance", importance.importance());
    recorded.output("importance_layer_normalized", importance.layerNormalized());
    recorded.output("ablation_loss_change", HeadImportance.ablation(points, losses, model.heads()));
  }

  /** A row without its padding. */
  private static TokenText text(RecordedExplanation recorded, int row) {
    int length =
        (int)
            recorded.input("attention_mask").select(0, row).ne(0).to(recorded.dtype()).sum().item();
    return new TokenText(
        recorded.input("input_ids").select(0, row).narrow(0, 0, length).toLongArray(),
        recorded.input("token_type_ids").select(0, row).narrow(0, 0, length).toLongArray());
  }

  private static Tensor logits(ExplainedBert model, TokenText text, Trace trace) {
    return model.logits(
        Tensor.of(text.ids(), 1, text.size()),
        null,
        Tensor.of(text.types(), 1, text.size()),
        trace);
  }

  private static void gradients(RecordedExplanation recorded, ExplainedBert model) {
    Tensor target = recorded.input("target").unsqueeze(1);
    Function<Trace, Tensor> score =
        trace -> logits(recorded, model, trace).gather(1, target).squeeze(1);
    recorded.output("logits", logits(recorded, model, Trace.NONE));
    ScoredValue words = ScoredValue.at("bert.embeddings.words", score);
    InputGradients gradients = InputGradients.of(words);
    recorded.output("gradient", gradients.gradient());
    recorded.output("gradient_x_input", gradients.timesValuePerToken());
    recorded.output("gradient_l1", gradients.l1());
    recorded.output("gradient_l2", gradients.l2());
    Tensor zero = Tensor.zeros(words.value().shape(), recorded.dtype());
    Tensor pad =
        model.parameter("bert.embeddings.word_embeddings.weight").select(0, model.padding());
    int steps = Integer.parseInt(recorded.setting("steps"));
    for (String name : recorded.names("output.integrated_gradients")) {
      String[] parts = name.split("_");
      IntegratedGradients integrated =
          IntegratedGradients.of(
              words,
              parts[0].equals("zero") ? zero : pad,
              steps,
              IntegratedGradients.Rule.valueOf(parts[1].toUpperCase(Locale.ROOT)));
      recorded.output("integrated_gradients." + name, integrated.perToken());
      recorded.output("integrated_gradients_gap." + name, integrated.gap());
      if (name.endsWith("_right")) {
        recorded.output("integrated_gradients_delta." + parts[0], integrated.difference());
      }
      if (recorded.names("output.integrated_gradients_full").contains(name)) {
        recorded.output("integrated_gradients_full." + name, integrated.attributions());
      }
    }
    AttentionGradients attention =
        AttentionGradients.of(
            model.points("attention.self.pattern"), trace -> score.apply(trace).sum());
    recorded.output("attention_gradient", attention.gradients());
    recorded.output("gradient_x_attention", attention.relevance());
    recorded.output("gradient_x_attention_signed", attention.gradients().mul(attention.weights()));
  }

  private static void eraser(RecordedExplanation recorded, ExplainedBert model) {
    double[] fractions =
        JsonMapper.shared()
            .readTree(recorded.setting("fractions"))
            .valueStream()
            .mapToDouble(JsonNode::asDouble)
            .toArray();
    long mask = Long.parseLong(recorded.setting("mask_id"));
    int rows = Math.toIntExact(recorded.input("input_ids").size(0));
    int tokens = Math.toIntExact(recorded.input("input_ids").size(1));
    List<Faithfulness> texts =
        IntStream.range(0, rows)
            .mapToObj(row ->
                new Faithfulness(text(recorded, row), mask, text -> probabilities(model, text)))
            .toList();
    recorded.output(
        "probabilities", texts.stream().map(Faithfulness::probabilities).toArray(double[][]::new));
    double[][] left =
        texts.stream()
            .map(text -> Arrays.copyOf(text.leaveOneOut(), tokens))
            .toArray(double[][]::new);
    recorded.output("leave_one_out", left);
    boolean first = true;
    for (String map : recorded.names("input.scores")) {
      double[][] scores = recorded.rows("scores." + map);
      recorded.output(
          "order." + map,
          all(
              rows,
              row -> {
                int[] order = texts.get(row).order(scores[row]);
                double[] filled = new double[tokens];
                Arrays.fill(filled, -1);
                IntStream.range(0, order.length).forEach(i -> filled[i] = order[i]);
                return filled;
              }));
      rankAgreement(recorded, map, texts, scores, left);
      for (Removal removal : Removal.values()) {
        List<Faithfulness.Curve> curves =
            IntStream.range(0, rows)
                .mapToObj(row -> texts.get(row).curve(scores[row], removal, fractions))
                .toList();
        String name = "." + removal.name().toLowerCase(Locale.ROOT) + "." + map;
        recorded.output(
            "comprehensiveness" + name, all(rows, r -> curves.get(r).comprehensiveness()));
        recorded.output("sufficiency" + name, all(rows, r -> curves.get(r).sufficiency()));
        recorded.output(
            "comprehensiveness_aopc" + name,
            curves.stream().mapToDouble(Faithfulness.Curve::meanComprehensiveness).toArray());
        recorded.output(
            "sufficiency_aopc" + name,
            curves.stream().mapToDouble(Faithfulness.Curve::meanSufficiency).toArray());
        if (first) {
          recorded.output(
              "top_k",
              all(rows, r -> Arrays.stream(curves.get(r).removed()).asDoubleStream().toArray()));
          first = false;
        }
      }
    }
  }

  private static double[][] all(int rows, IntFunction<double[]> row) {
    return IntStream.range(0, rows).mapToObj(row).toArray(double[][]::new);
  }

  private static void rankAgreement(
      RecordedExplanation recorded,
      String map,
      List<Faithfulness> texts,
      double[][] scores,
      double[][] left) {
    double[] spearman = new double[texts.size()];
    double[] kendall = new double[texts.size()];
    for (int row = 0; row < spearman.length; row++) {
      double[] mapped = pick(scores[row], texts.get(row).candidates());
      double[] drops = pick(left[row], texts.get(row).candidates());
      spearman[row] = Correlation.spearman(mapped, drops);
      kendall[row] = Correlation.kendall(mapped, drops);
    }
    recorded.output("leave_one_out_spearman." + map, spearman);
    recorded.output("leave_one_out_kendall." + map, kendall);
  }

  private static double[] pick(double[] values, int[] places) {
    return IntStream.of(places).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] probabilities(ExplainedBert model, TokenText text) {
    try (TensorScope scope = TensorScope.open()) {
      return logits(model, text, Trace.NONE).softmax(-1).toDoubleArray();
    }
  }

  private static void weat(RecordedExplanation recorded) {
    for (String name : List.of("small", "null", "strong", "ties")) {
      association(
          recorded,
          name,
          AssociationTest.exact(
              recorded.rows(name + ".x"),
              recorded.rows(name + ".y"),
              recorded.rows(name + ".a"),
              recorded.rows(name + ".b")));
    }
    try (ExplainedBert model =
        new ExplainedBert(recorded.setting("seat_model"), recorded.dtype())) {
      double[][] x = firstStates(recorded, model, "x");
      double[][] y = firstStates(recorded, model, "y");
      double[][] a = firstStates(recorded, model, "a");
      double[][] b = firstStates(recorded, model, "b");
      AssociationTest seat = AssociationTest.exact(x, y, a, b);
      recorded.output("seat.effect_size", seat.effectSize());
      recorded.output("seat.p_value", seat.pValue());
    }
  }

  private static void association(RecordedExplanation recorded, String name, AssociationTest test) {
    recorded.output(name + ".effect_size", test.effectSize());
    recorded.output(name + ".p_value", test.pValue());
    recorded.output(name + ".statistic", test.statistic());
    recorded.output(name + ".association_x", test.associationX());
    recorded.output(name + ".association_y", test.associationY());
    recorded.output(name + ".partitions", test.partitions());
  }

  private static double[][] firstStates(
      RecordedExplanation recorded, ExplainedBert model, String set) {
    Tensor states = model.hidden(recorded.input("seat." + set + "_ids")).select(1, 0);
    recorded.output("seat." + set + "_vectors", states);
    int size = Math.toIntExact(states.size(1));
    double[] all = states.contiguous().toDoubleArray();
    double[][] rows = new double[all.length / size][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(all, row * size, (row + 1) * size));
    return rows;
  }
}
