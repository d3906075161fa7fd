package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.nn.loss.AnnotatedLabelSmoothing;
import dev.heed.nn.loss.ContrastiveLoss;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.nn.loss.CtcLoss;
import dev.heed.nn.loss.Distillation;
import dev.heed.nn.loss.FairseqLabelSmoothing;
import dev.heed.nn.loss.FocalLoss;
import dev.heed.nn.loss.KlDivergence;
import dev.heed.nn.loss.RankingLoss;
import dev.heed.nn.loss.RegressionLoss;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Loss;
import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every loss and its gradients against recordings. */
@Tag("integration")
class LossReferenceTest {
  @TestFactory
  Stream<DynamicTest> recorded() {
    return RecordedTraining.tests("losses", LossReferenceTest::check);
  }

  private static void check(GoldenFile file, DType dtype) {
    try (TensorScope scope = TensorScope.open()) {
      Inputs inputs = Inputs.of(file, dtype);
      Map<String, Tensor> outputs = outputs(file.name(), inputs);
      assertThat(outputs.keySet()).containsAll(RecordedTraining.outputs(file));
      for (String output : RecordedTraining.outputs(file)) {
        Tensor loss = Objects.requireNonNull(outputs.get(output));
        RecordedTraining.assertClose(file, "output." + output, loss, dtype);
        Tensor seed =
            file.has("input.grad_output." + output)
                ? file.read("input.grad_output." + output).to(dtype)
                : null;
        List<String> names = new ArrayList<>(file.group("f64.grad." + output));
        List<Tensor> leaves = names.stream().map(inputs::get).toList();
        List<Tensor> gradients = Gradients.of(loss, seed, leaves, true);
        for (int i = 0; i < names.size(); i++) {
          RecordedTraining.assertClose(
              file, "grad." + output + "." + names.get(i), gradients.get(i), dtype);
        }
      }
      String other = dtype == DType.F64 ? "" : "f64.";
      assertThat(file.unread())
          .as("recorded and not compared")
          .allMatch(key -> key.startsWith(other) && !key.startsWith("input."));
    }
  }

  /** The recorded inputs in one precision, and the options. */
  private record Inputs(GoldenFile file, Map<String, Tensor> tensors) {
    static Inputs of(GoldenFile file, DType dtype) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (String name : file.group("input")) {
        Tensor stored = file.read("input." + name);
        boolean learns =
            file.tensors().keySet().stream()
                .anyMatch(key -> key.startsWith("f64.grad.") && key.endsWith("." + name));
        tensors.put(
            name,
            stored.dtype().isFloating() ? stored.to(dtype).copy().requiresGrad(learns) : stored);
      }
      return new Inputs(file, tensors);
    }

    Tensor get(String name) {
      return Objects.requireNonNull(tensors.get(name), name);
    }

    @Nullable Tensor orNull(String name) {
      return tensors.get(name);
    }

    double number(String option, double absent) {
      return file.settings().containsKey(option) ? file.number(option) : absent;
    }

    long ignored() {
      return (long) number("ignore_index", CrossEntropy.IGNORED);
    }

    boolean flag(String option) {
      return file.settings().containsKey(option) && file.flag(option);
    }
  }

  private static Map<String, Tensor> outputs(String name, Inputs in) {
    return switch (name) {
      case "cross_entropy",
          "cross_entropy_ignore",
          "cross_entropy_weights",
          "cross_entropy_large_logits",
          "label_smoothing_pytorch",
          "label_smoothing_pytorch_weights" ->
          reductions(reduction ->
              new CrossEntropy(in.ignored(), in.number("epsilon", 0), in.orNull("weight"))
                  .apply(in.get("logits"), in.get("target"), reduction));
      case "cross_entropy_soft_targets" ->
          reductions(reduction -> CrossEntropy.soft(in.get("logits"), in.get("target"), reduction));
      case "label_smoothing_fairseq" -> fairseq(in);
      case "label_smoothing_annotated" ->
          Map.of(
              "sum",
              new AnnotatedLabelSmoothing((long) in.number("pad", 1), in.number("epsilon", 0))
                  .apply(in.get("logits"), in.get("target")));
      case "lm_shifted_cross_entropy" ->
          Map.of(
              "loss",
              CrossEntropy.PLAIN.ofNext(in.get("logits"), in.get("labels"), LossReduction.MEAN));
      case "ctc", "ctc_zero_infinity" ->
          reductions(reduction ->
              new CtcLoss((long) in.number("blank", 0), name.endsWith("infinity"))
                  .apply(
                      in.get("logits"),
                      in.get("targets"),
                      in.get("input_lengths"),
                      in.get("target_lengths"),
                      reduction));
      case "distillation" -> distillation(in);
      default -> rows(name, in);
    };
  }

  private static Map<String, Tensor> rows(String name, Inputs in) {
    return switch (name) {
      case "focal_sigmoid" ->
          reductions(reduction ->
              new FocalLoss(in.number("gamma", 0))
                  .sigmoid(in.get("logits"), in.get("target"), in.number("alpha", -1), reduction));
      case "focal_softmax" ->
          reductions(reduction ->
              new FocalLoss(in.number("gamma", 0))
                  .softmax(in.get("logits"), in.get("target"), in.orNull("weight"), reduction));
      case "bce_multilabel", "bce_multilabel_weights", "bce_large_logits" ->
          reductions(reduction ->
              Loss.binaryCrossEntropy(
                  in.get("logits"),
                  in.get("target"),
                  in.orNull("weight"),
                  in.orNull("pos_weight"),
                  reduction));
      case "kl_div" -> divergence(in);
      case "margin_ranking" ->
          reductions(reduction ->
              new RankingLoss(in.number("margin", 0))
                  .pairs(in.get("x1"), in.get("x2"), in.get("target"), reduction));
      case "cosine_embedding" ->
          reductions(reduction ->
              new RankingLoss(in.number("margin", 0))
                  .cosine(in.get("x1"), in.get("x2"), in.get("target"), reduction));
      case "triplet", "triplet_swap_l1" ->
          reductions(reduction ->
              new RankingLoss(in.number("margin", 1))
                  .triplets(
                      in.get("anchor"),
                      in.get("positive"),
                      in.get("negative"),
                      in.number("p", 2),
                      in.flag("swap"),
                      reduction));
      case "mse", "l1", "huber", "smooth_l1", "gaussian_nll", "quantile" ->
          reductions(reduction -> regression(name, in, reduction));
      default -> contrastive(name, in);
    };
  }

  private static Tensor regression(String name, Inputs in, LossReduction reduction) {
    Tensor prediction = in.get("prediction");
    Tensor target = in.get("target");
    return switch (name) {
      case "mse" -> RegressionLoss.squared(prediction, target, reduction);
      case "l1" -> RegressionLoss.absolute(prediction, target, reduction);
      case "huber" -> RegressionLoss.huber(prediction, target, in.number("delta", 1), reduction);
      case "smooth_l1" ->
          RegressionLoss.smoothAbsolute(prediction, target, in.number("beta", 1), reduction);
      case "gaussian_nll" -> RegressionLoss.gaussian(prediction, target, in.get("var"), reduction);
      default -> RegressionLoss.quantiles(prediction, target, in.get("quantiles"), reduction);
    };
  }

  private static Map<String, Tensor> contrastive(String name, Inputs in) {
    ContrastiveLoss loss = new ContrastiveLoss(in.number("temperature", 1 / in.number("scale", 1)));
    return switch (name) {
      case "clip_contrastive" -> {
        ContrastiveLoss.Clip clip =
            ContrastiveLoss.clip(in.get("text"), in.get("image"), in.get("logit_scale"));
        yield Map.of("logits_per_text", clip.logitsPerText(), "loss", clip.loss());
      }
      case "info_nce_in_batch" -> Map.of("loss", loss.inBatch(in.get("query"), in.get("positive")));
      case "multiple_negatives_ranking" ->
          Map.of("loss", loss.inBatch(in.get("anchor"), in.get("positive")));
      case "info_nce_shared_negatives" ->
          Map.of(
              "loss",
              loss.sharedNegatives(in.get("query"), in.get("positive"), in.get("negatives")));
      case "info_nce_paired_negatives" ->
          Map.of(
              "loss", loss.ownNegatives(in.get("query"), in.get("positive"), in.get("negatives")));
      case "nt_xent" -> Map.of("loss", loss.views(in.get("view1"), in.get("view2")));
      default -> throw new IllegalArgumentException("no loss for the recording " + name);
    };
  }

  private static Map<String, Tensor> fairseq(Inputs in) {
    FairseqLabelSmoothing.Sums sums =
        new FairseqLabelSmoothing((long) in.number("pad", 1), in.number("epsilon", 0))
            .apply(in.get("logits"), in.get("target"));
    return Map.of("sum", sums.smoothed(), "nll_sum", sums.plain());
  }

  private static Map<String, Tensor> distillation(Inputs in) {
    Distillation.Parts parts =
        new Distillation(in.number("temperature", 1), in.number("alpha", 0.5))
            .apply(in.get("student"), in.get("teacher"), in.get("target"));
    return Map.of("kl", parts.soft(), "hard", parts.hard(), "loss", parts.loss());
  }

  private static Map<String, Tensor> divergence(Inputs in) {
    Tensor logP = in.get("input_logits").logSoftmax(-1);
    Tensor wanted = in.get("target_logits").softmax(-1);
    Map<String, Tensor> outputs =
        reductions(reduction -> KlDivergence.apply(logP, wanted, reduction));
    outputs.put("batchmean", KlDivergence.perRow(logP, wanted));
    return outputs;
  }

  private static Map<String, Tensor> reductions(Function<LossReduction, Tensor> loss) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("none", loss.apply(LossReduction.NONE));
    outputs.put("sum", loss.apply(LossReduction.SUM));
    outputs.put("mean", loss.apply(LossReduction.MEAN));
    return outputs;
  }
}
