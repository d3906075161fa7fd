package dev.heed.attention;

import dev.heed.attention.position.RotaryPositions;
import dev.heed.nn.JointLinear;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several attentions side by side: {@code concat(attendₕ(x·Wqₕ, y·Wkₕ, y·Wvₕ)) · Wo} (Vaswani et
 * al. 2017, section 3.2.2), with fewer key heads than query heads where the key projection is
 * narrower (grouped queries; Ainslie et al. 2023).
 *
 * <p>Trace points: {@code q}, {@code k}, {@code v} {@code [B, H, T, D]} of this call's tokens;
 * {@code keys}, {@code values} {@code [B, Hkv, Tk, D]} as the mechanism reads them, those of the
 * cache first, where a change may put more in front, which every query then sees; {@code scores}
 * and {@code pattern} {@code [B, H, Tq, Tk]} of mechanisms that have them, {@code z} {@code [B, H,
 * Tq, D]}.
 */
public final class MultiHeadAttention extends Module implements SequenceMixer {
  /**
   * The four projections, built under the names the checkpoint gives them.
   *
   * @param query {@code [H·D, in]}
   * @param key {@code [Hkv·D, in]}
   * @param value {@code [Hkv·Dv, in]}
   * @param output {@code [out, H·Dv]}, or null to hand on the heads side by side
   */
  public record Projections(Linear query, Linear key, Linear value, @Nullable Linear output) {
    /**
     * Four square projections named {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code
     * out_proj}.
     */
    public static Projections of(Weights weights, long size) {
      return new Projections(
          Linear.of(weights.child("q_proj"), size, size),
          Linear.of(weights.child("k_proj"), size, size),
          Linear.of(weights.child("v_proj"), size, size),
          Linear.of(weights.child("out_proj"), size, size));
    }
  }

  private final Projections projections;
  private final JointLinear joint;
  private final int heads;
  private final long headSize;
  private final AttentionMechanism mechanism;
  private final @Nullable RotaryPositions rotary;

  /** Exact scaled dot-product attention without rotary positions. */
  public MultiHeadAttention(Weights weights, Projections projections, int heads) {
    this(weights, projections, heads, new ScaledDotProduct(), null);
  }

  /**
   * Any mechanism.
   *
   * @param heads how many query heads; the number of key heads follows from the key projection
   * @param rotary turns queries and keys, or null
   * @throws ShapeException if the projections cannot be cut into heads
   */
  public MultiHeadAttention(
      Weights weights,
      Projections projections,
      int heads,
      AttentionMechanism mechanism,
      @Nullable RotaryPositions rotary) {
    super(weights);
    this.projections = projections;
    this.joint =
        new JointLinear(weights, projections.query(), projections.key(), projections.value());
    this.heads = heads;
    this.headSize = headSize(projections, heads);
    this.mechanism = mechanism;
    this.rotary = rotary;
  }

  private MultiHeadAttention(MultiHeadAttention other, AttentionMechanism mechanism) {
    super(other);
    this.projections = other.projections;
    this.joint = other.joint;
    this.heads = other.heads;
    this.headSize = other.headSize;
    this.mechanism = mechanism;
    this.rotary = other.rotary;
  }

  /** The same projections, read by another mechanism. */
  public MultiHeadAttention with(AttentionMechanism other) {
    return new MultiHeadAttention(this, other);
  }

  private static long headSize(Projections projections, int heads) {
    long queries = projections.query().weight().size(0);
    long keys = projections.key().weight().size(0);
    if (heads < 1 || queries % heads != 0 || keys % (queries / heads) != 0) {
      throw new ShapeException(
          "multi-head attention: expected projections that "
              + heads
              + " heads divide, got "
              + queries
              + " for queries and "
              + keys
              + " for keys");
    }
    return queries / heads;
  }

  /** Self-attention. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      List<Tensor> projected = joint.apply(x);
      return attend(projected.get(0), projected.get(1), projected.get(2), request);
    });
  }

  /**
   * Attention of one sequence to another.
   *
   * @param query {@code [B, Tq, in]}
   * @param key {@code [B, Tk, in]}
   * @param value {@code [B, Tk, in]}
   * @param request with a cache, {@code key} and {@code value} are the new tokens only
   * @return {@code [B, Tq, out]}, owned by the current scope
   */
  public AttentionOutput apply(Tensor query, Tensor key, Tensor value, AttentionRequest request) {
    return TensorScope.run(() ->
        attend(
            projections.query().apply(query),
            projections.key().apply(key),
            projections.value().apply(value),
            request));
  }

  /** From projected tokens {@code [B, T, H·D]} on. */
  private AttentionOutput attend(Tensor query, Tensor key, Tensor value, AttentionRequest request) {
    AttentionRequest named = request.at(path());
    Tensor q = split(query, heads);
    Tensor k = split(key, keyHeads());
    Tensor v = split(value, keyHeads());
    long past = request.cache() == null ? 0 : request.cache().length();
    if (rotary != null) {
      q = turn(rotary, q, request.positions(), past);
      k = turn(rotary, k, request.positions(), past);
    }
    q = named.visit("q", q);
    k = named.visit("k", k);
    v = named.visit("v", v);
    if (request.cache() != null) {
      KvCache.Entry all = request.cache().append(k, v);
      k = all.keys();
      v = all.values();
    }
    Tensor keys = named.visit("keys", k);
    Tensor values = named.visit("values", v);
    AttentionRequest behind = named.behindPrefix((int) (keys.size(2) - k.size(2)));
    AttentionOutput heard = mechanism.apply(q, keys, values, behind);
    Tensor z = named.visit("z", heard.output());
    return new AttentionOutput(project(z), heard.weights());
  }

  private static Tensor turn(
      RotaryPositions rotary, Tensor x, @Nullable Tensor positions, long past) {
    return positions == null ? rotary.apply(x, past) : rotary.apply(x, positions);
  }

  /** How many heads keys and values have. */
  public int keyHeads() {
    return (int) (projections.key().weight().size(0) / headSize);
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  private static Tensor split(Tensor x, int heads) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }

  /** {@code [B, H, T, D]} to {@code [B, T, H·D]} and through the output projection. */
  private Tensor project(Tensor z) {
    Tensor together = z.transpose(1, 2).flatten(2, 3);
    return projections.output() == null ? together : projections.output().apply(together);
  }

  /** How many query heads there are. */
  public int heads() {
    return heads;
  }

  /** The size of each head's queries and keys. */
  public int headSize() {
    return Math.toIntExact(headSize);
  }
}
