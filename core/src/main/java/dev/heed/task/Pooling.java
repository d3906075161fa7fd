package dev.heed.task;

import dev.heed.tensor.Tensor;

/** How the states of a text's tokens become one vector. */
public enum Pooling {
  /** The first token's state: BGE, GTE, mxbai, Arctic. */
  CLS {
    @Override
    Tensor apply(Tensor states, Tensor keep) {
      // The first one that counts: a prompt's tokens may be left out.
      Tensor fromEnd = Tensor.arange(states.size(1), states.dtype()).neg().add(states.size(1));
      return at(states, keep.to(states.dtype()).mul(fromEnd).argmax(1, true));
    }
  },
  /** The largest value of each element. */
  MAX {
    @Override
    Tensor apply(Tensor states, Tensor keep) {
      return states.maskedFill(keep.not().unsqueeze(-1), -1e9).max(1, false).values();
    }
  },
  /** The mean (Reimers and Gurevych 2019): MiniLM, E5, most others. */
  MEAN {
    @Override
    Tensor apply(Tensor states, Tensor keep) {
      Tensor weights = keep.to(states.dtype());
      return weighted(states, weights).div(count(weights));
    }
  },
  /** The sum divided by the root of the number of tokens. */
  MEAN_SQRT_LEN {
    @Override
    Tensor apply(Tensor states, Tensor keep) {
      Tensor weights = keep.to(states.dtype());
      return weighted(states, weights).div(count(weights).sqrt());
    }
  },
  /** The mean with weights 1, 2, 3, … by position (Muennighoff 2022). */
  WEIGHTED_MEAN {
    @Override
    Tensor apply(Tensor states, Tensor keep) {
      Tensor places = Tensor.arange(states.size(1), states.dtype()).add(1);
      Tensor weights = keep.to(states.dtype()).mul(places);
      return weighted(states, weights).div(count(weights));
    }
  },
  /** The last token's state: decoders such as Qwen3-Embedding and E5-Mistral. */
  LAST {
    @Override
    Tensor apply(Tensor states, Tensor keep) {
      Tensor places = Tensor.arange(states.size(1), states.dtype()).add(1);
      return at(states, keep.to(states.dtype()).mul(places).argmax(1, true));
    }
  };

  private static final double SMALLEST = 1e-9;

  /**
   * Pools.
   *
   * @param states {@code [B, T, H]}
   * @param keep bool {@code [B, T]}: the tokens that count
   * @return {@code [B, H]}
   */
  abstract Tensor apply(Tensor states, Tensor keep);

  private static Tensor weighted(Tensor states, Tensor weights) {
    return states.mul(weights.unsqueeze(-1)).sum(1, false);
  }

  private static Tensor count(Tensor weights) {
    return weights.sum(1, true).clamp(SMALLEST, Double.POSITIVE_INFINITY);
  }

  /** The states at one place {@code [B, 1]} of each text. */
  private static Tensor at(Tensor states, Tensor place) {
    Tensor index = place.unsqueeze(-1).expand(states.size(0), 1, states.size(2));
    return states.gather(1, index).squeeze(1);
  }
}
