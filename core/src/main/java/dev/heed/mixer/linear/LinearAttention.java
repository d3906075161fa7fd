package dev.heed.mixer.linear;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.KeyMask;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention by features instead of a softmax: {@code y_i = φ(q_i) Σ_j φ(k_j) v_jᵀ / (φ(q_i) · (Σ_j
 * φ(k_j) + ε_k) + ε)}, the sums over all keys or over {@code j ≤ i}.
 *
 * <p>The sums do not depend on the query, so time and memory are O(T). The causal form is also a
 * recurrence with a state of constant size, see {@link #step}.
 *
 * <p>Source: Katharopoulos et al., "Transformers are RNNs", 2020, sections 3.2 to 3.4. A query with
 * no key gives zeros.
 *
 * @param features φ
 * @param causal whether a query sees only the keys up to its own place
 * @param epsilon ε, added to the denominator
 * @param keyEpsilon ε_k, added to each feature of the keys' sum
 */
public record LinearAttention(
    FeatureMap features, boolean causal, double epsilon, double keyEpsilon) {
  /**
   * What the recurrent form remembers, of the type of sums.
   *
   * @param values {@code Σ φ(k) vᵀ}, {@code [B, H, m, Dv]}
   * @param keys {@code Σ φ(k)}, {@code [B, H, m, 1]}
   */
  public record State(Tensor values, Tensor keys) {}

  /**
   * What one step gives.
   *
   * @param output {@code [B, H, 1, Dv]}
   * @param state what to hand to the next step
   */
  public record Step(Tensor output, State state) {}

  /** The Linear Transformer: {@code φ = elu + 1}, {@code ε = 1e-6}. */
  public static LinearAttention transformer(boolean causal) {
    return new LinearAttention(FeatureMap.eluPlusOne(), causal, 1e-6, 0);
  }

  /**
   * Reads the values.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, H, Tk, D]}; as long as q when causal
   * @param v {@code [B, H, Tk, Dv]}
   * @param allowed which keys there are, {@code true} = there, of a shape that broadcasts to {@code
   *     [B, H, Tk, 1]}; or null for all
   * @return {@code [B, H, Tq, Dv]}
   */
  public Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor allowed) {
    return TensorScope.run(() -> {
      return summed(q.widened(), k.widened(), v.widened(), allowed).to(q.dtype());
    });
  }

  private Tensor summed(Tensor q, Tensor k, Tensor v, @Nullable Tensor allowed) {
    return TensorScope.run(() -> {
      Tensor queries = features.queries(q);
      Tensor keys = keys(k, allowed);
      Tensor values = allowed == null ? v : v.maskedFill(allowed.not(), 0);
      Tensor one = values.narrow(-1, 0, 1).mul(0).add(1);
      // A column of ones makes the denominators come out of the same product.
      Tensor extended = Tensor.cat(List.of(values, one), -1);
      Tensor sums =
          causal
              ? CausalProduct.of(queries, keys, extended)
              : queries.matmul(keys.transpose(-1, -2).matmul(extended));
      long size = v.size(-1);
      return divide(sums.narrow(-1, 0, size), sums.narrow(-1, size, 1), queries);
    });
  }

  /**
   * The attention map that these features amount to, {@code [B, H, Tq, Tk]}: rows sum to (nearly)
   * one, but it is no softmax. Takes O(Tq · Tk).
   */
  public Tensor weights(Tensor q, Tensor k, @Nullable Tensor allowed) {
    return TensorScope.run(() -> {
      Tensor queries = features.queries(q.widened());
      Tensor all = queries.matmul(keys(k.widened(), allowed).transpose(-1, -2));
      Tensor similarity = causal ? all.tril(0) : all;
      return divide(similarity, similarity.sum(-1, true), queries).to(q.dtype());
    });
  }

  /**
   * This as a mechanism for any multi-head layer. A causal mask makes it causal and padding masks
   * hide keys; it knows no other mask, no score changes, and has no weights after a softmax.
   */
  public AttentionMechanism mechanism() {
    return (q, k, v, request) ->
        TensorScope.run(() -> {
          KeyMask mask = understood(k, request);
          long group = q.size(1) / k.size(1);
          Tensor keys = group == 1 ? k : k.repeatInterleave(group, 1);
          Tensor values = group == 1 ? v : v.repeatInterleave(group, 1);
          LinearAttention form =
              new LinearAttention(features, causal || mask.causal(), epsilon, keyEpsilon);
          Tensor there = mask.present();
          Tensor places = there == null ? null : there.unsqueeze(1).unsqueeze(3);
          return AttentionOutput.of(form.apply(q, keys, values, places));
        });
  }

  private static KeyMask understood(Tensor k, AttentionRequest request) {
    return KeyMask.of(request.mask(), Math.toIntExact(k.size(0)), Math.toIntExact(k.size(2)))
        .filter(mask -> request.modifier() == null)
        .orElseThrow(() ->
            new UnsupportedOperationException(
                "linear attention: expected no mask or AttentionMask.causal() or padding, and no"
                    + " score modifier, got mask "
                    + request.mask()
                    + " and modifier "
                    + request.modifier()
                    + "; use exact attention for these"));
  }

  /** The state before the first step. */
  public State start(Tensor firstKey, Tensor firstValue) {
    return TensorScope.run(() -> {
      Tensor one = features.keys(firstKey.widened());
      Shape sums = Shape.of(one.size(0), one.size(1), one.size(3), firstValue.size(3));
      Shape counts = Shape.of(one.size(0), one.size(1), one.size(3), 1);
      return new State(Tensor.zeros(sums, one.dtype()), Tensor.zeros(counts, one.dtype()));
    });
  }

  /**
   * One step of the causal form, at a cost that does not depend on how much came before.
   *
   * @param q {@code [B, H, 1, D]}
   * @param k {@code [B, H, 1, D]}
   * @param v {@code [B, H, 1, Dv]}
   */
  public Step step(Tensor q, Tensor k, Tensor v, State state) {
    return TensorScope.run(() -> {
      Tensor queries = features.queries(q.widened());
      Tensor key = features.keys(k.widened()).transpose(-1, -2);
      State next = new State(state.values().add(key.matmul(v.widened())), state.keys().add(key));
      Tensor output = divide(queries.matmul(next.values()), queries.matmul(next.keys()), queries);
      return new Step(output.to(q.dtype()), next);
    });
  }

  private Tensor keys(Tensor k, @Nullable Tensor allowed) {
    if (allowed == null) {
      return features.keys(k);
    }
    // Features may look at all keys at once: what stands at padding must not reach them either.
    Tensor missing = allowed.not();
    return features.keys(k.maskedFill(missing, 0)).maskedFill(missing, 0);
  }

  private Tensor divide(Tensor numerator, Tensor denominator, Tensor queries) {
    Tensor guarded = denominator.add(epsilon);
    if (keyEpsilon != 0) {
      guarded = guarded.add(queries.sum(-1, true).mul(keyEpsilon));
    }
    return numerator.div(guarded.maskedFill(guarded.eq(0), 1));
  }
}
