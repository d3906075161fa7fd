package dev.heed.attention;

import dev.heed.attention.DecodeState.Entry;
import dev.heed.attention.position.Grid;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.nn.Norm;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Changes the heads' queries and keys (and values) after their projection and before they meet:
 * rotary positions, norms of queries and keys. Several stand in a row.
 */
public interface HeadChange {
  /**
   * Where the tokens of a call stand.
   *
   * @param positions i64 {@code [T]} or {@code [B, T]}; null counts on from {@code past}
   * @param past how many tokens earlier calls took
   * @param grid rows and columns of the last tokens of an image, or null
   */
  record Places(@Nullable Tensor positions, long past, @Nullable Grid grid) {
    /** Each token's place, i64 {@code [B, T]}, for heads {@code [B, H, T, D]}. */
    Tensor of(Tensor heads) {
      Tensor each =
          positions == null ? Tensor.arange(heads.size(2), DType.I64).add(past) : positions;
      return each.expand(heads.size(0), heads.size(2));
    }
  }

  /** Changed queries, {@code [B, H, T, D]} to the same shape. */
  Tensor queries(Tensor q, Places places);

  /** Changed keys, {@code [B, Hkv, T, D]} to the same shape. */
  Tensor keys(Tensor k, Places places);

  /** Changed values, {@code [B, Hkv, T, Dv]} to the same shape; unchanged unless overridden. */
  default Tensor values(Tensor v, Places places) {
    return v;
  }

  /**
   * Whether the change of a token depends on how long the whole sequence is, as that of stretched
   * rotary positions does.
   */
  default boolean dependsOnLength() {
    return false;
  }

  /**
   * Keys and values that were changed in a sequence of one length, as they are in one of another.
   *
   * @param kept {@code [B, Hkv, T, D]}
   * @param positions i64 {@code [B, T]}
   * @param from the length they were changed for
   * @param to the other length
   */
  default Entry changedAnew(Entry kept, Tensor positions, long from, long to) {
    return kept;
  }

  /** Turns queries and keys by their positions. */
  static HeadChange rotary(RotaryPositions rotary) {
    return new Rotary(rotary);
  }

  /**
   * Turns pairs of neighbouring elements, then puts the first of each pair before the second ones
   * (DeepSeek-V3).
   *
   * @param rotary that turns elements which are {@code D / 2} apart
   */
  static HeadChange rotaryOfNeighbours(RotaryPositions rotary) {
    return new RotaryOfNeighbours(new Rotary(rotary));
  }

  /** Turns queries, keys and values by their positions (RoFormer's {@code rotary_value}). */
  static HeadChange rotaryWithValues(RotaryPositions rotary) {
    return new RotaryWithValues(new Rotary(rotary));
  }

  /**
   * Adds biases to queries and values, and none to keys (DeBERTa).
   *
   * @param query {@code [H·D]}
   * @param value {@code [Hkv·D]}
   */
  static HeadChange biases(Tensor query, Tensor value) {
    return new HeadBiases(query, value);
  }

  /** Normalises each head's queries and keys over the head size (Dehghani et al. 2023, QK-norm). */
  static HeadChange norms(Norm query, Norm key) {
    return new HeadNorms(query, key);
  }

  /** Normalises each head's values over the head size (Gemma 4). */
  static HeadChange valueNorm(Norm value) {
    return new ValueNorm(value);
  }

  /** Normalises queries and keys over all heads together, before they are heads (OLMo 2). */
  static HeadChange wholeNorms(Norm query, Norm key) {
    return new WholeNorms(query, key);
  }

  /** Keeps queries, keys and values within {@code ±limit} (OLMo's {@code clip_qkv}). */
  static HeadChange clip(double limit) {
    return new Clip(limit);
  }

  /**
   * A bound of queries, keys and values.
   *
   * @param limit at least 0
   */
  record Clip(double limit) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return q.clamp(-limit, limit);
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return k.clamp(-limit, limit);
    }

    @Override
    public Tensor values(Tensor v, Places places) {
      return v.clamp(-limit, limit);
    }
  }

  /**
   * Rotary positions.
   *
   * @param rotary how
   */
  record Rotary(RotaryPositions rotary) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return turn(q, places);
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return turn(k, places);
    }

    @Override
    public boolean dependsOnLength() {
      return rotary.dependsOnLength();
    }

    @Override
    public Entry changedAnew(Entry kept, Tensor positions, long from, long to) {
      return new Entry(rotary.turnedAnew(kept.keys(), positions, from, to), kept.values());
    }

    private Tensor turn(Tensor x, Places places) {
      return places.positions() == null
          ? rotary.apply(x, places.past())
          : rotary.apply(x, places.positions());
    }
  }

  /**
   * Rotary positions of neighbouring elements, which part.
   *
   * @param rotary of elements that are {@code D / 2} apart
   */
  record RotaryOfNeighbours(Rotary rotary) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return rotary.queries(parted(q), places);
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return rotary.keys(parted(k), places);
    }

    @Override
    public boolean dependsOnLength() {
      return rotary.dependsOnLength();
    }

    @Override
    public Entry changedAnew(Entry kept, Tensor positions, long from, long to) {
      return rotary.changedAnew(kept, positions, from, to);
    }

    private static Tensor parted(Tensor x) {
      return x.unflatten(-1, x.size(-1) / 2, 2).transpose(-2, -1).flatten(-2, -1);
    }
  }

  /**
   * Rotary positions of values too.
   *
   * @param rotary how
   */
  record RotaryWithValues(Rotary rotary) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return rotary.queries(q, places);
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return rotary.keys(k, places);
    }

    @Override
    public Tensor values(Tensor v, Places places) {
      return rotary.turn(v, places);
    }

    @Override
    public boolean dependsOnLength() {
      return rotary.dependsOnLength();
    }

    @Override
    public Entry changedAnew(Entry kept, Tensor positions, long from, long to) {
      return new Entry(
          rotary.rotary().turnedAnew(kept.keys(), positions, from, to),
          rotary.rotary().turnedAnew(kept.values(), positions, from, to));
    }
  }

  /**
   * Biases of queries and values.
   *
   * @param query of queries
   * @param value of values
   */
  record HeadBiases(Tensor query, Tensor value) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return shifted(q, query);
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return k;
    }

    @Override
    public Tensor values(Tensor v, Places places) {
      return shifted(v, value);
    }

    private static Tensor shifted(Tensor x, Tensor bias) {
      return x.add(bias.view(x.size(1), 1, x.size(3)));
    }
  }

  /**
   * Norms over the head size.
   *
   * @param query of queries
   * @param key of keys
   */
  record HeadNorms(Norm query, Norm key) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return query.apply(q);
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return key.apply(k);
    }
  }

  /**
   * Norms of values over the head size.
   *
   * @param value of values
   */
  record ValueNorm(Norm value) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return q;
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return k;
    }

    @Override
    public Tensor values(Tensor v, Places places) {
      return value.apply(v);
    }
  }

  /**
   * Norms over all heads.
   *
   * @param query over {@code H·D}
   * @param key over {@code Hkv·D}
   */
  record WholeNorms(Norm query, Norm key) implements HeadChange {
    @Override
    public Tensor queries(Tensor q, Places places) {
      return whole(query, q);
    }

    @Override
    public Tensor keys(Tensor k, Places places) {
      return whole(key, k);
    }

    private static Tensor whole(Norm norm, Tensor x) {
      // [B, H, T, D] -> [B, T, H·D] and back
      Tensor together = norm.apply(x.transpose(1, 2).flatten(2, 3));
      return together.unflatten(-1, x.size(1), x.size(3)).transpose(1, 2);
    }
  }
}
