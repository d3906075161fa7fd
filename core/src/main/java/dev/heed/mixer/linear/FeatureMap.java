package dev.heed.mixer.linear;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Features φ of queries and keys whose products stand for the similarity of the two: {@code sim(q,
 * k) = φ(q) · φ(k)}, never negative.
 */
public interface FeatureMap {
  /** Features {@code [B, H, Tq, m]} of queries {@code [B, H, Tq, D]}. */
  Tensor queries(Tensor q);

  /** Features {@code [B, H, Tk, m]} of keys {@code [B, H, Tk, D]}. */
  Tensor keys(Tensor k);

  /** {@code φ(x) = elu(x) + 1} (Katharopoulos et al. 2020, equation 7). */
  static FeatureMap eluPlusOne() {
    return EluPlusOne.INSTANCE;
  }

  /** {@code elu(x) + 1}. */
  enum EluPlusOne implements FeatureMap {
    /** The only one. */
    INSTANCE;

    @Override
    public Tensor queries(Tensor q) {
      return TensorScope.run(() -> q.elu().add(1));
    }

    @Override
    public Tensor keys(Tensor k) {
      return queries(k);
    }
  }
}
