package dev.heed.attention.position;

import dev.heed.tensor.Tensor;
import java.util.List;

/** Which elements of a head form the pairs that rotary positions turn. */
public enum PairLayout {
  /** {@code (x_i, x_{i + d/2})}: LLaMA, GPT-NeoX in Hugging Face checkpoints. */
  HALF_SPLIT {
    @Override
    Tensor rotate(Tensor x, Tensor cosine, Tensor sine) {
      List<Tensor> halves = x.chunk(2, -1);
      return Tensor.cat(turn(halves.get(0), halves.get(1), cosine, sine), -1);
    }

    @Override
    Tensor spread(Tensor perPair) {
      return Tensor.cat(List.of(perPair, perPair), -1);
    }
  },
  /** {@code (x_{2i}, x_{2i+1})}: RoFormer, GPT-J, Meta's own LLaMA files. */
  INTERLEAVED {
    @Override
    Tensor rotate(Tensor x, Tensor cosine, Tensor sine) {
      Tensor pairs = x.unflatten(-1, x.size(-1) / 2, 2);
      List<Tensor> turned = turn(pairs.select(-1, 0), pairs.select(-1, 1), cosine, sine);
      return Tensor.stack(turned, -1).flatten(-2, -1);
    }

    @Override
    Tensor spread(Tensor perPair) {
      return perPair.repeatInterleave(2, -1);
    }
  };

  /** Turns each pair: x {@code [..., d]}, cosine and sine {@code [..., d / 2]}. */
  abstract Tensor rotate(Tensor x, Tensor cosine, Tensor sine);

  /** One value a pair as one an element: {@code [..., d / 2]} to {@code [..., d]}. */
  abstract Tensor spread(Tensor perPair);

  private static List<Tensor> turn(Tensor a, Tensor b, Tensor cosine, Tensor sine) {
    return List.of(a.mul(cosine).sub(b.mul(sine)), b.mul(cosine).add(a.mul(sine)));
  }
}
