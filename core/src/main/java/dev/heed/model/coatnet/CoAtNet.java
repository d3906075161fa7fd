package dev.heed.model.coatnet;

import dev.heed.attention.position.Grid;
import dev.heed.model.coatnet.CoAtNetConfig.BlockType;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * An image classifier in five stages, each of half the height and width of the one before: a stem,
 * convolutions, then attention (Dai et al. 2021, section 2.2).
 *
 * <p>Parameters are named as in the public PyTorch implementation: {@code s0} to {@code s4}, {@code
 * fc}.
 */
public final class CoAtNet extends Module {
  private static final int EXPANSION = 4;

  private final List<CoAtNetBlock> blocks = new ArrayList<>();
  private final Linear head;

  /** A classifier of these sizes. */
  public CoAtNet(Weights weights, CoAtNetConfig config) {
    super(weights);
    for (int stage = 0; stage < 5; stage++) {
      for (int i = 0; i < config.numBlocks().get(stage); i++) {
        blocks.add(block(weights.child("s" + stage, i), config, stage, i == 0));
      }
    }
    this.head =
        Linear.of(weights.child("fc"), config.channels().getLast(), config.classes(), false);
  }

  private static CoAtNetBlock block(
      Weights weights, CoAtNetConfig config, int stage, boolean first) {
    int out = config.channels().get(stage);
    if (stage == 0) {
      return new Stem(weights, first ? config.inChannels() : out, out, first);
    }
    int in = first ? config.channels().get(stage - 1) : out;
    if (config.blockTypes().get(stage - 1) == BlockType.CONVOLUTION) {
      return new MbConv(weights, in, out, first, EXPANSION);
    }
    int side = config.image() >> (stage + 1);
    return new RelativeTransformerBlock(
        weights, in, out, new Grid(side, side), first, config.heads(), config.headSize());
  }

  /**
   * Classifies images {@code [B, inChannels, image, image]}.
   *
   * @return logits {@code [B, classes]}
   */
  public Tensor apply(Tensor images, Trace trace) {
    return TensorScope.run(() -> {
      Tensor x = images;
      for (CoAtNetBlock block : blocks) {
        x = block.apply(x, trace);
      }
      return head.apply(x.flatten(2, 3).mean(-1, false));
    });
  }
}
