package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.BucketBias;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.score.ScoreBias;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.SoftCap;
import dev.heed.attention.sparse.BigBirdMask;
import dev.heed.attention.sparse.StridedHeadsMask;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Masks and score changes for other batches, heads or lengths are refused by name, everywhere. */
@Tag("unit")
class SizesThatDoNotFitTest {
  /** 3 sequences, 4 heads, 5 queries, 7 keys. */
  private static final String SIZES = "3 sequences of 5 queries and 7 keys with 4 heads";

  private record Case(String name, Supplier<AttentionSpec> spec, String message) {}

  private static Case mask(String name, Supplier<AttentionMask> mask, String message) {
    return new Case(name, () -> AttentionSpec.plain().withMask(mask.get()), message);
  }

  private static Case change(String name, Supplier<ScoreModifier> change, String message) {
    return new Case(name, () -> AttentionSpec.plain().withModifier(change.get()), message);
  }

  private static Tensor ones(long... sizes) {
    return Tensor.ones(Shape.of(sizes), DType.F32);
  }

  private static AttentionMask dense(long... sizes) {
    return AttentionMask.dense(ones(sizes).to(DType.BOOL));
  }

  private static AttentionMask padding(long... sizes) {
    return AttentionMask.padding(ones(sizes).to(DType.BOOL));
  }

  private static List<Case> cases() {
    String pairs = "expected [3 or 1, 4 or 1, 5, 7] for " + SIZES + ", got ";
    String keys = "expected [3 or 1, 7] for " + SIZES + ", got ";
    String heads = "expected 4 heads for " + SIZES + ", got ";
    return List.of(
        mask("batches", () -> dense(2, 1, 5, 7), "dense mask: " + pairs + "[2, 1, 5, 7]"),
        mask("heads", () -> dense(1, 2, 5, 7), "dense mask: " + pairs + "[1, 2, 5, 7]"),
        mask("queries", () -> dense(9, 7), "dense mask: " + pairs + "[1, 1, 9, 7]"),
        mask("keys", () -> dense(5, 9), "dense mask: " + pairs + "[1, 1, 5, 9]"),
        mask("fewer keys", () -> dense(5, 3), "dense mask: " + pairs + "[1, 1, 5, 3]"),
        mask("padding", () -> padding(3, 5), "padding mask: " + keys + "[3, 5]"),
        mask("padding, long", () -> padding(1, 8), "padding mask: " + keys + "[1, 8]"),
        mask("padding, batches", () -> padding(2, 7), "padding mask: " + keys + "[2, 7]"),
        mask("padding, nobody", () -> padding(0, 7), "padding mask: " + keys + "[0, 7]"),
        mask("lengths", () -> AttentionMask.lengths(3, 4), "padding mask: " + keys + "[2, 7]"),
        mask("too long", () -> AttentionMask.lengths(8), "padding mask: " + keys + "[1, 8]"),
        mask("no lengths", AttentionMask::lengths, "padding mask: " + keys + "[0, 7]"),
        mask(
            "globals",
            () -> AttentionMask.globalTokens(ones(3, 9)),
            "global tokens: " + keys + "[3, 9]"),
        mask("documents", () -> AttentionMask.documents(2, 1), "documents: " + keys + "[1, 3]"),
        mask(
            "documents, long",
            () -> AttentionMask.documents(2, 9),
            "documents: " + keys + "[1, 11]"),
        mask(
            "documents, batches",
            () -> AttentionMask.documents(Tensor.zeros(Shape.of(2, 7), DType.I64)),
            "documents: " + keys + "[2, 7]"),
        mask(
            "within others",
            () -> AttentionMask.causal().and(AttentionMask.prefix(2).or(padding(2, 7).not())),
            "padding mask: " + keys + "[2, 7]"),
        mask("strided heads", () -> new StridedHeadsMask(2, 3), "strided heads: " + heads + "3"),
        mask(
            "blocks",
            () -> new BigBirdMask(new BigBirdMask.Pattern(2, 3, 1, 1, 1, 1, 1)),
            "BigBird: expected at least 4 blocks of 2, and heads that divide those of " + SIZES),
        mask(
            "block heads",
            () -> new BigBirdMask(new BigBirdMask.Pattern(2, 4, 3, 1, 1, 1, 1)),
            "BigBird: expected at least 4 blocks of 2, and heads that divide those of " + SIZES),
        change("few slopes", () -> Alibi.ofHeads(2), "ALiBi: " + heads + "2"),
        change("many slopes", () -> Alibi.ofHeads(8), "ALiBi: " + heads + "8"),
        change(
            "buckets",
            () -> new BucketBias(new RelativeBuckets(true, 8, 20), ones(8, 2)),
            "bucket bias: " + heads + "2"),
        change(
            "bias", () -> new ScoreBias(ones(2, 1, 5, 7)), "score bias: " + pairs + "[2, 1, 5, 7]"),
        change("bias heads", () -> new ScoreBias(ones(1, 2, 5, 7)), "score bias: " + pairs),
        change("bias keys", () -> new ScoreBias(ones(1, 1, 5, 9)), "score bias: " + pairs),
        change("bias queries", () -> new ScoreBias(ones(1, 1, 6, 7)), "score bias: " + pairs),
        change(
            "in a chain",
            () -> new SoftCap(2).then(new ScoreBias(ones(1, 1, 5, 1))).then(Alibi.ofHeads(4)),
            "score bias: " + pairs + "[1, 1, 5, 1]"));
  }

  @TestFactory
  Stream<DynamicTest> by_every_door() {
    List<DynamicTest> tests = new ArrayList<>();
    for (AttentionPath path : AttentionPath.values()) {
      for (Case one : cases()) {
        tests.add(
            DynamicTest.dynamicTest(
                path + ", " + one.name(), () -> OnPath.run(path, () -> refused(one))));
      }
    }
    return tests.stream();
  }

  private static void refused(Case one) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = ones(3, 4, 5, 2);
      Tensor k = ones(3, 2, 7, 2);
      AttentionSpec spec = one.spec().get();
      AttentionRequest request = AttentionRequest.of(spec.mask()).withModifier(spec.modifier());
      refused(one, () -> ExactAttention.apply(q, k, k, spec));
      refused(one, () -> ExactAttention.attend(q, k, k, spec));
      refused(one, () -> new ScaledDotProduct().apply(q, k, k, request));
      refused(one, () -> new ScaledDotProduct().apply(q, k, k, request.withWeights()));
    }
  }

  private static void refused(Case one, Supplier<?> call) {
    assertThatThrownBy(call::get)
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(one.message())
        .hasMessageContaining("make ");
  }

  @Test
  void documents_in_a_row_that_is_longer_are_refused_too() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = ones(1, 2, 5, 3);
      AttentionRequest request = AttentionRequest.of(AttentionMask.documents(2, 1));
      assertThatThrownBy(() -> new ScaledDotProduct().apply(q, q, q, request))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("documents: expected [1, 5] for");
    }
  }

  @Test
  void sizes_that_overflow_are_refused_or_mean_everything() {
    assertThatThrownBy(() -> AttentionMask.documents(Integer.MAX_VALUE, Integer.MAX_VALUE))
        .hasMessage("documents: expected 8388607 tokens or fewer in a row, got 4294967294");
    assertThatThrownBy(() -> AttentionMask.documents(3, -1))
        .hasMessage("documents: expected lengths of 0 or more, got -1");
    assertThatThrownBy(() -> AttentionMask.slidingWindow(Integer.MIN_VALUE))
        .hasMessage(
            "sliding window: expected a width from 1, which is the query itself, got -2147483648");
    AttentionMask wide = AttentionMask.dilatedWindow(1 << 30, 0, 4);
    org.assertj.core.api.Assertions.assertThat(wide.picture(1, 9)).isEqualTo("#...#...#\n");
  }
}
