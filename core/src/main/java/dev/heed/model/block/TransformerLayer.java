package dev.heed.model.block;

import dev.heed.attention.MixerSwap;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.Stream;

/**
 * One layer of any Transformer: residual blocks in a row, and perhaps what stands between them.
 *
 * <p>Trace points: {@code resid_pre} before the first block, {@code resid_mid} after each but the
 * last (the last of those stays), {@code resid_post} after the last.
 */
public final class TransformerLayer extends Module {
  private final List<Block> blocks;

  /**
   * A layer.
   *
   * @param weights the path whose names its trace points bear
   * @param blocks attention, perhaps cross-attention, a feed-forward network
   */
  public TransformerLayer(Weights weights, Block... blocks) {
    super(weights);
    this.blocks = List.of(blocks);
  }

  private TransformerLayer(TransformerLayer other, List<Block> blocks) {
    super(other);
    this.blocks = List.copyOf(blocks);
  }

  /**
   * The same parameters around other mixers.
   *
   * @param number of the layer, from 0
   */
  public TransformerLayer withMixer(int number, MixerSwap swap) {
    List<Block> swapped = blocks.stream().map(block -> block.withMixer(number, swap)).toList();
    return new TransformerLayer(this, swapped);
  }

  /** The same with one more block before all others. */
  public TransformerLayer after(Block first) {
    return new TransformerLayer(this, Stream.concat(Stream.of(first), blocks.stream()).toList());
  }

  /** Maps {@code [B, T, H]} to {@code [B, T, H]}; what the call saw outlives the layer. */
  public Tensor apply(Tensor x, LayerCall call) {
    return apply(x, call, false);
  }

  /**
   * The same for a reader of the first token alone.
   *
   * @return {@code [B, 1, H]} where it can be computed alone, else {@code [B, T, H]}
   */
  Tensor applyForFirst(Tensor x, LayerCall call) {
    return apply(x, call, FirstToken.fits(blocks, x, call));
  }

  private Tensor apply(Tensor x, LayerCall call, boolean first) {
    return TensorScope.run(() -> new Result(state(x, call, first), call.seen())).state();
  }

  private record Result(Tensor state, List<Tensor> seen) {}

  private Tensor state(Tensor x, LayerCall call, boolean first) {
    Tensor state = call.trace().visit(point("resid_pre"), x);
    call.began(state);
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      Tensor after =
          first && i == 0 ? FirstToken.attend(block, state, call) : block.apply(state, call);
      String name = i == blocks.size() - 1 ? "resid_post" : "resid_mid";
      state = call.trace().visit(point(name), after);
    }
    return state;
  }
}
