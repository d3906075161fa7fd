package dev.heed.attention.additive;

import dev.heed.nn.Linear;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.UnaryOperator;

/** How well a query and a key go together (Luong et al. 2015, section 3.1, equation 8). */
@FunctionalInterface
public interface AlignmentScore {
  /**
   * Prepares keys once for many queries.
   *
   * @param keys {@code [B, S, key size]}
   * @return maps queries {@code [B, Tq, query size]} to scores {@code [B, Tq, S]}
   */
  UnaryOperator<Tensor> over(Tensor keys);

  /** {@code q · k}. */
  static AlignmentScore dot() {
    return keys -> query -> query.matmul(keys.transpose(1, 2));
  }

  /**
   * {@code (W q) · k}.
   *
   * @param map from query size to key size
   */
  static AlignmentScore general(Linear map) {
    return keys -> query -> map.apply(query).matmul(keys.transpose(1, 2));
  }

  /**
   * {@code v · tanh(W [q; k] + b)}, with the two halves of W applied apart, so that keys are mapped
   * once.
   *
   * @param map from query size plus key size to the size of {@code v}
   * @param v any shape with that many elements
   */
  static AlignmentScore concat(Linear map, Tensor v) {
    return keys -> {
      long keySize = keys.size(-1);
      long querySize = map.weight().size(1) - keySize;
      Tensor weight = map.effectiveWeight();
      Tensor mapped = keys.linear(weight.narrow(1, querySize, keySize), map.bias());
      return query -> energy(query.linear(weight.narrow(1, 0, querySize), null), mapped, v);
    };
  }

  /**
   * {@code v · tanh(W q + U k)} (Bahdanau et al. 2015, appendix A.1.2).
   *
   * @param v any shape with as many elements as the maps' outputs
   */
  static AlignmentScore additive(Linear queryMap, Linear keyMap, Tensor v) {
    return keys -> {
      Tensor mapped = keyMap.apply(keys);
      return query -> energy(queryMap.apply(query), mapped, v);
    };
  }

  private static Tensor energy(Tensor query, Tensor keys, Tensor v) {
    return TensorScope.run(
        () -> query.unsqueeze(2).add(keys.unsqueeze(1)).tanh().matmul(v.reshape(-1)));
  }
}
