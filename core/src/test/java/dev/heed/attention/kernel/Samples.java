package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.ScoreScale;
import dev.heed.attention.score.SoftCap;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Masks, modifiers and shapes that between them meet every branch of the kernel. */
final class Samples {
  /** Sizes of an attention; distinct primes where they can be. */
  record Sizes(int batches, int heads, int keyHeads, int queries, int keys, int width, int values) {
    Tensor q(Generator generator, DType dtype) {
      return random(generator, dtype, batches, heads, queries, width);
    }

    Tensor k(Generator generator, DType dtype) {
      return random(generator, dtype, batches, keyHeads, keys, width);
    }

    Tensor v(Generator generator, DType dtype) {
      return random(generator, dtype, batches, keyHeads, keys, values);
    }

    Tensor output(Generator generator, DType dtype) {
      return random(generator, dtype, batches, heads, queries, values);
    }
  }

  private Samples() {}

  /**
   * One token; less and more than a tile; grouped heads; more queries than keys; wide and odd
   * heads.
   */
  static List<Sizes> sizes() {
    return List.of(
        new Sizes(1, 1, 1, 1, 1, 1, 1),
        new Sizes(2, 3, 3, 5, 7, 3, 11),
        new Sizes(1, 6, 2, 37, 71, 17, 19),
        new Sizes(2, 2, 1, 31, 13, 32, 32),
        new Sizes(1, 2, 2, 131, 131, 64, 64),
        new Sizes(1, 4, 1, 1, 199, 80, 80),
        new Sizes(2, 6, 2, 3, 8501, 16, 17),
        new Sizes(1, 1, 1, 67, 193, 96, 128),
        new Sizes(1, 1, 1, 557, 613, 8, 16));
  }

  /** Without {@code null}: every pair. */
  static Map<String, AttentionMask> masks() {
    Map<String, AttentionMask> masks = new TreeMap<>();
    masks.put("causal", (batch, head, query, key) -> key <= query);
    masks.put("causal, classified", new Window(Integer.MAX_VALUE / 2));
    masks.put("window of 41", new Window(41));
    masks.put("lambda of all four", (b, h, q, k) -> (q * 31 + k * 17 + h * 5 + b * 3) % 3 != 0);
    masks.put("padding by sequence", (batch, head, query, key) -> key < 3 + 50 * batch);
    masks.put("no keys for odd queries", (batch, head, query, key) -> query % 2 == 0);
    masks.put("built-in causal", AttentionMask.causal());
    masks.put("built-in window or prefix", AttentionMask.window(37, 5).or(AttentionMask.prefix(9)));
    masks.put(
        "built-in dilated and not padding",
        AttentionMask.dilatedWindow(9, 3, 4).and(AttentionMask.firstKeys(3).not()));
    masks.put("nothing at all", (batch, head, query, key) -> false);
    return masks;
  }

  /** Modifiers without parameters. */
  static Map<String, ScoreModifier> modifiers(int heads) {
    Map<String, ScoreModifier> modifiers = new TreeMap<>();
    modifiers.put(
        "distance modulo 64",
        (batch, head, query, key, score) ->
            score - 0.03 * (head + 1) * Math.floorMod(query - key, 64));
    modifiers.put("built-in ALiBi and soft cap", Alibi.ofHeads(heads).then(new SoftCap(5)));
    modifiers.put(
        "built-in soft cap, scale, soft cap",
        new SoftCap(3).then(new ScoreScale(0.7)).then(new SoftCap(50)));
    modifiers.put("built-in scale", new ScoreScale(-0.7));
    modifiers.put("soft cap", (batch, head, query, key, score) -> 2 * Math.tanh(score / 2));
    modifiers.put(
        "mask as scores",
        (batch, head, query, key, score) ->
            (query + key) % 2 == 0 ? score : Double.NEGATIVE_INFINITY);
    return modifiers;
  }

  /** Non-contiguous: heads lie side by side, as projections leave them. */
  static Tensor random(
      Generator generator, DType dtype, int batches, int heads, int length, int width) {
    return Tensor.randn(generator, Shape.of(batches, length, heads, width), DType.F32)
        .to(dtype)
        .transpose(1, 2);
  }

  /**
   * The keys {@code query - width < key <= query}, with the classification that built-in masks
   * have.
   */
  record Window(int width) implements AttentionMask {
    @Override
    public boolean allows(int batch, int head, int query, int key) {
      return key <= query && key > query - width;
    }

    @Override
    public BlockKind classify(
        int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
      if (keyFrom > queryTo - 1 || keyTo - 1 <= queryFrom - width) {
        return BlockKind.EMPTY;
      }
      return keyTo - 1 <= queryFrom && keyFrom > queryTo - 1 - width
          ? BlockKind.FULL
          : BlockKind.PARTIAL;
    }

    @Override
    public boolean dependsOnBatch() {
      return false;
    }

    @Override
    public boolean dependsOnHead() {
      return false;
    }
  }

  /**
   * {@code score + table[head][min(|query - key|, columns - 1)] · score / 2}: learned, not
   * additive.
   */
  record Learned(Tensor table, double[] values) implements ScoreModifier {
    Learned(Tensor table) {
      this(table, table.toDoubleArray());
    }

    private int place(int head, int query, int key) {
      int columns = (int) table.size(1);
      return head * columns + Math.min(Math.abs(query - key), columns - 1);
    }

    @Override
    public double modify(int batch, int head, int query, int key, double score) {
      return score + values[place(head, query, key)] * (1 + score / 2);
    }

    @Override
    public List<Tensor> parameters() {
      return List.of(table);
    }

    @Override
    public void accumulate(
        int batch, int head, int query, int key, double score, double gradient, double[][] into) {
      into[0][place(head, query, key)] += gradient * (1 + score / 2);
    }
  }
}
