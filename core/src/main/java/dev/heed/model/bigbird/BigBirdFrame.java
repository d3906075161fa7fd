package dev.heed.model.bigbird;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.sparse.CountedBlocks;
import dev.heed.model.EncoderFrame;
import dev.heed.model.ModelInput;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fills texts up to whole blocks, and says what is padding then.
 *
 * @param block tokens a block
 * @param random random blocks for each block of queries
 * @param heads of each layer
 * @param inBlocks whether long texts are seen in blocks, else whole
 */
public record BigBirdFrame(int block, int random, int heads, boolean inBlocks)
    implements EncoderFrame {
  /** Whether texts of a length are seen in blocks: shorter ones are not worth it. */
  private boolean sparse(long tokens) {
    return inBlocks && tokens > (5L + 2L * random) * block;
  }

  /** How many tokens a text has once it is filled up. */
  long filled(long tokens) {
    return sparse(tokens) ? Math.ceilDiv(tokens, block) * block : tokens;
  }

  /** {@code [B, T]} filled up with a value. */
  public Tensor fill(Tensor x, long value) {
    long more = filled(x.size(1)) - x.size(1);
    return more == 0
        ? x
        : Tensor.cat(List.of(x, Tensor.full(Shape.of(x.size(0), more), value, x.dtype())), 1);
  }

  /** What is there, bool {@code [B, T']}, or null for everything. */
  private @Nullable Tensor present(ModelInput input, Tensor ids) {
    Tensor there = input.truth("attention_mask");
    if (there == null && filled(ids.size(1)) == ids.size(1)) {
      return null;
    }
    Tensor numbers = there == null ? Tensor.ones(ids.shape(), DType.I64) : there.to(DType.I64);
    return fill(numbers, 0).ne(0);
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    ModelInput input = run.input();
    Tensor ids = input.require("input_ids");
    Tensor there = present(input, ids);
    AttentionMask padding = there == null ? null : AttentionMask.padding(there);
    if (!sparse(ids.size(1))) {
      AttentionRequest request = run.request(padding);
      return layer -> request;
    }
    return layer -> {
      CountedBlocks seen = blocks(embedded.size(1), input.get("rand_attn." + layer));
      AttentionMask mask =
          padding == null ? seen : seen.and(padding).and(new PresentQueries(padding));
      return run.request(mask).withModifier(seen.weighting());
    };
  }

  /**
   * Padding reads nothing.
   *
   * @param padding which tokens are there
   */
  private record PresentQueries(AttentionMask padding) implements AttentionMask {
    @Override
    public boolean allows(int batch, int head, int query, int key) {
      return padding.allows(batch, head, query, query);
    }

    @Override
    public boolean dependsOnBatch() {
      return padding.dependsOnBatch();
    }

    @Override
    public boolean dependsOnHead() {
      return false;
    }
  }

  @Override
  public Tensor own(Run run, Tensor states) {
    return states.narrow(1, 0, run.input().require("input_ids").size(1));
  }

  /**
   * The blocks that a layer sees.
   *
   * @param tokens of the filled text
   * @param choice i64 {@code [heads, blocks - 2, random]}, or null: outside of training the
   *     reference draws none, and takes the first block for each
   */
  private CountedBlocks blocks(long tokens, @Nullable Tensor choice) {
    int blocks = Math.toIntExact(tokens / block);
    int drawn = random;
    long[] given = choice == null ? new long[heads * (blocks - 2) * drawn] : choice.toLongArray();
    if (given.length != heads * (blocks - 2) * drawn) {
      throw new IllegalArgumentException(
          "rand_attn: expected ["
              + heads
              + ", "
              + (blocks - 2)
              + ", "
              + drawn
              + "], got "
              + (choice == null ? "" : choice.describe()));
    }
    long[][][] rows = new long[heads][blocks - 2][drawn];
    for (int at = 0; at < given.length; at++) {
      rows[at / drawn / (blocks - 2)][at / drawn % (blocks - 2)][at % drawn] = given[at];
    }
    return CountedBlocks.bigBird(block, blocks, rows);
  }
}
