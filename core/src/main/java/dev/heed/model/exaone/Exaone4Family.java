package dev.heed.model.exaone;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * EXAONE 4 checkpoints: norms after each branch and of each head; layers that see all tokens have
 * no positions beside layers within a window.
 */
public final class Exaone4Family extends DecoderFamily {
  /** The family. */
  public Exaone4Family() {
    super("exaone4", "Exaone4");
  }

  record Config(
      @Default("102400") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("16384") int intermediateSize,
      @Default("32") int numHiddenLayers,
      @Default("32") int numAttentionHeads,
      @Default("32") @Nullable Integer numKeyValueHeads,
      @Nullable Integer headDim,
      @Default("silu") String hiddenAct,
      @Default("2048") int maxPositionEmbeddings,
      @Default("1e-5") double rmsNormEps,
      @Default("false") boolean tieWordEmbeddings,
      @Default("4096") @Nullable Integer slidingWindow,
      @Default("0.0") double attentionDropout)
      implements DecoderSizes {}

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = DecoderSizes.read(keys, Config.class);
    List<LayerType> types = types(keys, config);
    List<Integer> windows = LayerType.windows(keys, types, config.slidingWindow());
    RotaryPositions rotary =
        RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
    return DecoderBody.of(
            config.words(weights, keys),
            IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i ->
                    layer(
                        weights.child("layers", i),
                        config,
                        config.slidingWindow() == null || types.get(i) == LayerType.SLIDING
                            ? rotary
                            : null,
                        windows.get(i)))
                .toList(),
            norm(weights.child("norm"), config.hiddenSize(), config),
            config.tieWordEmbeddings())
        .windows(windows);
  }

  /** The pattern is a length whose last layer sees all tokens, or a word such as LLLG. */
  private static List<LayerType> types(ModelConfig keys, Config config) {
    keys.known("sliding_window_pattern");
    JsonNode pattern = keys.json().path("sliding_window_pattern");
    String letters = pattern.isString() ? pattern.stringValue() : "";
    int length = letters.isEmpty() ? pattern.asInt(4) : letters.length();
    boolean windows = config.slidingWindow() != null && length > 0;
    return LayerType.of(
        keys,
        config.numHiddenLayers(),
        List.of(LayerType.FULL, LayerType.SLIDING),
        i -> {
          boolean sliding =
              windows
                  && (letters.isEmpty()
                      ? (i + 1) % length != 0
                      : letters.charAt(i % length) == 'L');
          return sliding ? LayerType.SLIDING : LayerType.FULL;
        });
  }

  private static TransformerLayer layer(
      Weights weights, Config config, @Nullable RotaryPositions rotary, int window) {
    return DecoderLayers.postNorm(
        weights,
        path -> norm(path, config.hiddenSize(), config),
        attention(weights.child("self_attn"), config, rotary, window),
        config.feedForward(weights.child("mlp"), false));
  }

  private static LayerBody attention(
      Weights weights, Config config, @Nullable RotaryPositions rotary, int window) {
    HeadSizes heads = config.heads();
    RmsNorm queries = norm(weights.child("q_norm"), heads.headSize(), config);
    RmsNorm keys = norm(weights.child("k_norm"), heads.headSize(), config);
    HeadChange norms = HeadChange.norms(queries, keys);
    return DecoderLayers.attention(
        weights,
        HeadProjections.grouped(weights, heads, false, false),
        heads.heads(),
        rotary == null ? List.of(norms) : List.of(norms, HeadChange.rotary(rotary)),
        ScaledDotProduct.dropping(config.attentionDropout()),
        window);
  }

  private static RmsNorm norm(Weights weights, long size, Config config) {
    return new RmsNorm(weights, size, config.rmsNormEps());
  }
}
