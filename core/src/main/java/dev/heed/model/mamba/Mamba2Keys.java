package dev.heed.model.mamba;

import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the configs of decoders with Mamba 2 and attention say of the former, under the names that
 * they share.
 *
 * @param mambaDHead channels of a head, or {@code auto} for what the heads divide the inner ones
 *     into
 */
public record Mamba2Keys(
    @Default("128") int mambaNHeads,
    @Default("1") int mambaNGroups,
    @Default("256") int mambaDState,
    @Default("\"auto\"") @Nullable JsonNode mambaDHead,
    @Default("4") int mambaDConv,
    @Default("2") int mambaExpand,
    @Default("true") boolean mambaConvBias,
    @Default("false") boolean mambaProjBias) {
  /** Checks what is divided by. */
  public Mamba2Keys {
    if (mambaNHeads < 1) {
      throw new IllegalArgumentException(
          "mamba_n_heads: expected a number from 1, got " + mambaNHeads);
    }
  }

  /**
   * The sizes of a block.
   *
   * @param size of a token's vector
   * @param inner channels of all heads
   * @throws dev.heed.checkpoint.CheckpointException if heads of {@code mamba_d_head} are others
   */
  public Mamba2Config sizes(ModelConfig keys, long size, long inner) {
    JsonNode given = mambaDHead;
    boolean divided = given == null || given.isNull() || given.asString("").equals("auto");
    long head = given == null || divided ? inner / mambaNHeads : given.asLong(0);
    if (head * mambaNHeads != inner) {
      throw keys.unsupported(
          divided ? "mamba_n_heads" : "mamba_d_head",
          mambaNHeads + " heads that are the " + inner + " inner channels together",
          keys.json().get(divided ? "mamba_n_heads" : "mamba_d_head"));
    }
    return new Mamba2Config(size, mambaNHeads, head, mambaDState, mambaNGroups, mambaDConv);
  }
}
