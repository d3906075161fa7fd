package dev.heed.explain;

import static dev.heed.explain.RecordedExplanation.inBoth;
import static dev.heed.explain.RecordedExplanation.inDouble;

import dev.heed.explain.bias.HardDebiasing;
import dev.heed.explain.bias.HardDebiasing.Pair;
import dev.heed.explain.bias.NullspaceProjection;
import dev.heed.explain.measure.CentredKernelAlignment;
import dev.heed.explain.measure.HeadStatistic;
import dev.heed.explain.measure.HeadStatistics;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What needs no model equals its recordings. */
@Tag("integration")
class MeasureReferenceTest {

  @TestFactory
  Stream<DynamicTest> recorded() {
    return Stream.of(
            Stream.of("heads_bert", "heads_gpt2", "heads_vit")
                .flatMap(name -> inBoth(name, MeasureReferenceTest::heads)),
            inBoth("cka_bert", MeasureReferenceTest::cka),
            inBoth("jain_wallace", MeasureReferenceTest::jainWallace),
            Stream.of(inDouble("hard_debias", MeasureReferenceTest::hardDebias)),
            Stream.of(inDouble("inlp", MeasureReferenceTest::inlp)))
        .flatMap(tests -> tests);
  }

  private static void heads(RecordedExplanation recorded) {
    Tensor attentions = recorded.input("attentions");
    boolean causal = recorded.setting("causal").equals("true");
    HeadStatistics heads =
        HeadStatistics.of(
            attentions,
            recorded.input("attention_mask"),
            causal,
            recorded.inputOrNull("input_ids"));
    recorded.output("entropy", heads.each(HeadStatistic.ENTROPY));
    recorded.output("mean_entropy", heads.mean(HeadStatistic.ENTROPY));
    recorded.output("mean_normalized_entropy", heads.mean(HeadStatistic.NORMALIZED_ENTROPY));
    recorded.output("previous", heads.mean(HeadStatistic.PREVIOUS));
    recorded.output("first", heads.mean(HeadStatistic.FIRST));
    recorded.output("self", heads.mean(HeadStatistic.SELF));
    recorded.output("max_weight", heads.mean(HeadStatistic.LARGEST));
    recorded.output("mean_distance", heads.mean(HeadStatistic.DISTANCE));
    if (!causal) {
      recorded.output("next", heads.mean(HeadStatistic.NEXT));
      recorded.output("last", heads.mean(HeadStatistic.LAST));
    }
    if (recorded.has("input_ids")) {
      recorded.output("same_token", heads.mean(HeadStatistic.SAME_TOKEN));
    }
    recorded.output("rollout", AttentionRollout.of(attentions));
    recorded.output("rollout_no_residual", AttentionRollout.withoutResidual(attentions));
  }

  private static void cka(RecordedExplanation recorded) {
    cka(recorded, "linear", CentredKernelAlignment::linear);
    cka(recorded, "linear_unbiased", CentredKernelAlignment::linearUnbiased);
    cka(recorded, "rbf", (x, y) -> CentredKernelAlignment.gaussian(x, y, 0.5));
  }

  private static void cka(
      RecordedExplanation recorded, String name, ToDoubleBiFunction<Tensor, Tensor> alike) {
    recorded.output(name + "_xy", alike.applyAsDouble(recorded.input("x"), recorded.input("y")));
    int layers = recorded.names("input.hidden").size();
    double[] all = new double[layers * layers];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          alike.applyAsDouble(
              recorded.input("hidden." + i / layers), recorded.input("hidden." + i % layers));
    }
    recorded.output(name, all);
  }

  private static void jainWallace(RecordedExplanation recorded) {
    Tensor hidden = recorded.input("hidden");
    Tensor hiddenMask = recorded.input("mask").eq(0);
    Tensor attention =
        recorded.input("scores").maskedFill(hiddenMask, Double.NEGATIVE_INFINITY).softmax(-1);
    UnaryOperator<Tensor> predict =
        weights ->
            weights
                .unsqueeze(1)
                .matmul(hidden)
                .squeeze(1)
                .matmul(recorded.input("weight").transpose(0, 1))
                .add(recorded.input("bias"))
                .softmax(-1);
    AttentionAlternatives permuted =
        AttentionAlternatives.permuted(attention, recorded.input("permutations"), predict);
    recorded.output("attention", attention);
    recorded.output("prediction", permuted.prediction());
    recorded.output("permuted_predictions", permuted.predictions());
    recorded.output("tvd", permuted.totalVariation());
    recorded.output("mean_tvd", permuted.totalVariation().mean(0, false));
    recorded.output("median_tvd", permuted.medianTotalVariation());
    recorded.output("jsd_of_permuted", permuted.divergence());
    recorded.output("max_attention", attention.amax(-1, false));
    AttentionAlternatives candidates =
        AttentionAlternatives.of(attention, recorded.input("candidates"), predict);
    recorded.output("candidate_jsd", candidates.divergence());
    recorded.output("candidate_tvd", candidates.totalVariation());
    recorded.output(
        "best_candidate", candidates.adversarial(Double.parseDouble(recorded.setting("epsilon"))));
  }

  private static void hardDebias(RecordedExplanation recorded) {
    double[][] vectors = recorded.rows("vectors");
    HardDebiasing debiasing = HardDebiasing.of(vectors, pairs(recorded, "definitional_pairs"));
    Set<Integer> specific =
        Arrays.stream(recorded.input("specific").toLongArray())
            .mapToObj(Math::toIntExact)
            .collect(Collectors.toSet());
    double[][] debiased = debiasing.debias(vectors, specific, pairs(recorded, "equalize_pairs"));
    recorded.output("direction", debiasing.direction());
    recorded.output("explained_variance_ratio", debiasing.explained());
    recorded.output("projection_before", debiasing.projection(vectors));
    recorded.output("neutralized", debiasing.neutralize(vectors, specific));
    recorded.output("debiased", debiased);
    recorded.output("direct_bias_before", debiasing.directBias(vectors));
    recorded.output("direct_bias_after", debiasing.directBias(debiased));
  }

  private static Pair[] pairs(RecordedExplanation recorded, String name) {
    return Arrays.stream(recorded.rows(name))
        .map(pair -> new Pair((int) pair[0], (int) pair[1]))
        .toArray(Pair[]::new);
  }

  private static void inlp(RecordedExplanation recorded) {
    double[][] x = recorded.rows("x");
    long[] classes = recorded.input("y").toLongArray();
    boolean[] positive = new boolean[classes.length];
    for (int i = 0; i < classes.length; i++) {
      positive[i] = classes[i] == 1;
    }
    NullspaceProjection fitted =
        NullspaceProjection.fit(
            x,
            positive,
            Integer.parseInt(recorded.setting("iterations")),
            Double.parseDouble(recorded.setting("ridge")));
    recorded.output("weights", fitted.weights());
    recorded.output("accuracy", fitted.accuracies());
    recorded.output("projection", fitted.projection());
    recorded.output("projected", fitted.apply(x));
    double[][] given = NullspaceProjection.off(recorded.rows("directions"));
    recorded.output("given_projection", given);
    recorded.output("given_projected", NullspaceProjection.apply(given, x));
  }
}
