package dev.heed.model.coatnet;

import java.util.List;

/**
 * Sizes of a {@link CoAtNet}.
 *
 * @param image height and width in pixels; a multiple of 32
 * @param inChannels of the image
 * @param numBlocks blocks of the five stages
 * @param channels of the five stages
 * @param blockTypes of the last four stages
 * @param heads of the attention
 * @param headSize of the attention
 * @param classes how many logits
 */
public record CoAtNetConfig(
    int image,
    int inChannels,
    List<Integer> numBlocks,
    List<Integer> channels,
    List<BlockType> blockTypes,
    int heads,
    int headSize,
    int classes) {
  /** How a stage mixes places. */
  public enum BlockType {
    /** {@link MbConv}. */
    CONVOLUTION,
    /** {@link RelativeTransformerBlock}. */
    TRANSFORMER
  }

  /** The paper's order of stages: two of convolutions, two of attention. */
  public static final List<BlockType> CCTT =
      List.of(
          BlockType.CONVOLUTION,
          BlockType.CONVOLUTION,
          BlockType.TRANSFORMER,
          BlockType.TRANSFORMER);

  /** Checks the number of stages and the image. */
  public CoAtNetConfig {
    numBlocks = List.copyOf(numBlocks);
    channels = List.copyOf(channels);
    blockTypes = List.copyOf(blockTypes);
    if (numBlocks.size() != 5 || channels.size() != 5 || blockTypes.size() != 4) {
      throw new IllegalArgumentException(
          "CoAtNet: expected five numbers of blocks, five of channels and four block types, got "
              + numBlocks
              + ", "
              + channels
              + ", "
              + blockTypes);
    }
    if (image < 32 || image % 32 != 0) {
      throw new IllegalArgumentException(
          "CoAtNet: expected an image size that is a multiple of 32, got " + image);
    }
  }
}
