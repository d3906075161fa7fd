package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.BucketBias;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.SoftCap;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Changes of the scores: what they add to a score of zero, and the weights that follow. */
final class ScorePictures {
  private static final int N = Sample.LENGTH;

  private ScorePictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("alibi", ScorePictures::alibi);
    recipes.put("t5-relative-bias", ScorePictures::t5);
    recipes.put("soft-cap", ScorePictures::softCap);
  }

  /** The added scores of all heads, on one scale, and what they do to the first one's weights. */
  private static List<Panel> alibi(Sample sample) {
    Alibi alibi = Alibi.ofHeads(4);
    Tensor bias = alibi.modify(Tensor.zeros(Shape.of(1, 4, N, N), DType.F64));
    List<Panel> panels = new ArrayList<>();
    for (int head = 0; head < 4; head++) {
      panels.add(
          MaskPictures.weights(
              String.format(Locale.ROOT, "added by head %d of 4, slope 1/%d", head, 4L << 2 * head),
              MapKind.SCORES,
              bias.narrow(1, head, 1)));
    }
    ScoreModifier first = new Alibi(alibi.slopes().subList(0, 1));
    panels.add(
        MaskPictures.exact(
            sample, "weights of head 0", AttentionRequest.plain().withModifier(first)));
    panels.add(MaskPictures.exact(sample));
    return panels;
  }

  /** A table that holds each bucket's own number shows the buckets. */
  private static List<Panel> t5(Sample sample) {
    RelativeBuckets both = new RelativeBuckets(true, 12, 20);
    RelativeBuckets causal = new RelativeBuckets(false, 12, 20);
    Tensor falling = Tensor.arange(12, DType.F64).mul(-0.5).unsqueeze(1);
    return List.of(
        MaskPictures.weights("12 buckets, both directions", MapKind.NUMBERS, numbers(both)),
        MaskPictures.weights("12 buckets, causal", MapKind.NUMBERS, numbers(causal)),
        MaskPictures.exact(
            sample,
            "weights, both directions, table −½ · bucket",
            AttentionRequest.plain().withModifier(new BucketBias(both, falling))));
  }

  private static Tensor numbers(RelativeBuckets buckets) {
    return new BucketBias(buckets, Tensor.arange(buckets.count(), DType.F64).unsqueeze(1))
        .bias(N, N);
  }

  private static List<Panel> softCap(Sample sample) {
    int reach = 100;
    List<Double> capped = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    SoftCap cap = new SoftCap(30);
    for (int score = -reach; score <= reach; score += 2) {
      capped.add(cap.modify(0, 0, 0, 0, score));
      plain.add((double) score);
    }
    return List.of(
        new CurvePanel(
            "the score after a cap of 30",
            "score before",
            -reach,
            2,
            List.of(new CurvePanel.Curve("capped", capped), new CurvePanel.Curve("plain", plain))),
        MaskPictures.exact(
            sample, "weights, cap of 2", AttentionRequest.plain().withModifier(new SoftCap(2))),
        MaskPictures.exact(sample));
  }
}
