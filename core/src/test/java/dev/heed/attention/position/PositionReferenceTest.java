package dev.heed.attention.position;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.tensor.Tensor;
import java.util.List;

class PositionReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("sinusoidal_annotated", PositionReferenceTest::annotated),
        ReferenceCase.of("sinusoidal_fairseq", PositionReferenceTest::fairseq),
        ReferenceCase.of("sinusoidal_tensor2tensor", PositionReferenceTest::tensor2tensor),
        ReferenceCase.of("learned_positions_gpt", PositionReferenceTest::learnedGpt),
        ReferenceCase.of("learned_positions_fairseq", PositionReferenceTest::learnedFairseq),
        ReferenceCase.of("rope_interleaved", PositionReferenceTest::interleaved),
        ReferenceCase.of("rope_roformer", PositionReferenceTest::roformer),
        ReferenceCase.of("rope_half_split", PositionReferenceTest::halfSplit),
        ReferenceCase.of("rope_linear_scaling", PositionReferenceTest::linearScaling),
        ReferenceCase.of("rope_dynamic_ntk", PositionReferenceTest::dynamicNtk),
        ReferenceCase.of("rope_partial_neox", PositionReferenceTest::partial),
        ReferenceCase.of("rope_gptj", PositionReferenceTest::gptj),
        ReferenceCase.of("xpos", PositionReferenceTest::xpos));
  }

  private static Results annotated(Recording ref) {
    Tensor x = ref.input("x");
    SinusoidalPositions paper = SinusoidalPositions.PAPER;
    return new Results()
        .output("y", x.add(paper.table(0, x.size(1), x.size(2), ref.dtype())))
        .extra("table", paper.table(0, ref.integer("max_len"), x.size(2), ref.dtype()));
  }

  /** fairseq keeps a row of zeros for the padding token. */
  private static Results fairseq(Recording ref) {
    Tensor tokens = ref.input("tokens");
    long padding = ref.integer("padding_idx");
    Tensor positions = TokenPositions.of(tokens, padding);
    Tensor rows = SinusoidalPositions.TENSOR2TENSOR.at(positions, ref.integer("dim"), ref.dtype());
    return new Results()
        .output("y", rows.maskedFill(tokens.eq(padding).unsqueeze(-1), 0))
        .extra("positions", positions);
  }

  private static Results tensor2tensor(Recording ref) {
    SinusoidalPositions positions =
        new SinusoidalPositions(
            SinusoidalPositions.Layout.HALVES,
            SinusoidalPositions.Spacing.BY_ENDS,
            ref.number("min_timescale"),
            ref.number("max_timescale"));
    Tensor table =
        positions.table(
            ref.integer("start_index"),
            ref.integer("length"),
            ref.integer("channels"),
            ref.dtype());
    return new Results().output("signal", table.unsqueeze(0));
  }

  private static Results learnedGpt(Recording ref) {
    LearnedPositions table =
        new LearnedPositions(ref.weights(), ref.integer("num"), ref.integer("dim"), -1);
    return new Results().output("y", table.add(ref.input("x"), ref.integer("offset")));
  }

  private static Results learnedFairseq(Recording ref) {
    int padding = ref.integer("padding_idx");
    LearnedPositions table =
        new LearnedPositions(ref.weights(), ref.integer("num"), ref.integer("dim"), padding);
    return new Results().output("y", table.at(TokenPositions.of(ref.input("tokens"), padding)));
  }

  private static Results rotated(Recording ref, RotaryPositions rotary, long offset) {
    Results results = new Results();
    for (String name : List.of("q", "k", "v")) {
      if (ref.hasInput(name)) {
        results.output(name, rotary.apply(ref.input(name), offset));
      }
    }
    return results;
  }

  private static Results interleaved(Recording ref) {
    RotaryPositions rotary =
        new RotaryPositions(PairLayout.INTERLEAVED, ref.integer("rot_dim"), ref.number("theta"));
    return rotated(ref, rotary, ref.integer("offset"));
  }

  private static Results roformer(Recording ref) {
    return rotated(
        ref, new RotaryPositions(PairLayout.INTERLEAVED, ref.integer("head_dim"), 10_000), 0);
  }

  private static Results halfSplit(Recording ref) {
    RotaryPositions rotary =
        new RotaryPositions(PairLayout.HALF_SPLIT, ref.integer("head_dim"), ref.number("theta"));
    Tensor positions = ref.input("position_ids");
    return new Results()
        .output("q", rotary.apply(ref.input("q"), positions))
        .output("k", rotary.apply(ref.input("k"), positions));
  }

  private static Results scaled(Recording ref, RotaryScaling scaling) {
    return rotated(
        ref,
        new RotaryPositions(
            PairLayout.HALF_SPLIT, ref.integer("head_dim"), ref.number("theta"), scaling),
        0);
  }

  private static Results linearScaling(Recording ref) {
    return scaled(ref, new RotaryScaling.Linear(ref.number("factor")));
  }

  private static Results dynamicNtk(Recording ref) {
    return scaled(
        ref, new RotaryScaling.DynamicNtk(ref.number("factor"), ref.integer("max_position")));
  }

  private static Results partial(Recording ref) {
    return rotated(
        ref, new RotaryPositions(PairLayout.HALF_SPLIT, ref.integer("rotary_ndims"), 10_000), 0);
  }

  /** GPT-J's layout is [B, T, H, D]. */
  private static Results gptj(Recording ref) {
    RotaryPositions rotary =
        new RotaryPositions(PairLayout.INTERLEAVED, ref.integer("rotary_dim"), 10_000);
    Results results = new Results();
    for (String name : List.of("q", "k")) {
      Tensor turned = rotary.apply(ref.input(name).transpose(1, 2), 0);
      results.output(name, turned.transpose(1, 2));
    }
    return results;
  }

  private static Results xpos(Recording ref) {
    RotaryPositions rotary =
        new RotaryPositions(PairLayout.INTERLEAVED, ref.integer("head_dim"), 10_000);
    XPos.Encoded encoded =
        new XPos(rotary, ref.number("scale_base")).apply(ref.input("q"), ref.input("k"));
    return new Results().output("q", encoded.q()).output("k", encoded.k());
  }
}
