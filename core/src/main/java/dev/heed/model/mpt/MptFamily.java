package dev.heed.model.mpt;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.score.Alibi;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** MPT checkpoints. */
public final class MptFamily extends DecoderFamily {
  /** The family. */
  public MptFamily() {
    super("mpt", "Mpt");
  }

  record Config(
      @Default("2048") int dModel,
      @Default("16") int nHeads,
      @Default("24") int nLayers,
      @Default("50368") int vocabSize,
      @Default("0.0") double residPdrop,
      @Default("1e-5") double layerNormEpsilon,
      @Default("0.0") double embPdrop,
      @Default("true") @Only("true") boolean noBias,
      @Default("true") boolean tieWordEmbeddings) {}

  record AttentionConfig(
      @Default("multihead_attention") @Only("multihead_attention") String attnType,
      @Default("0.0") double attnPdrop,
      @Nullable Double clipQkv,
      @Nullable Double softmaxScale,
      @Default("false") @Only("false") boolean prefixLm,
      @Default("false") @Only("false") boolean qkLn,
      @Default("false") @Only("false") boolean attnUsesSequenceId,
      @Default("true") @Only("true") boolean alibi,
      @Default("8") int alibiBiasMax) {}

  @Override
  public Set<String> ignoredKeys() {
    // How training starts, and what the reference reads but never applies.
    return Set.of(
        "embedding_fraction",
        "expansion_ratio",
        "init_config",
        "init_device",
        "learned_pos_emb",
        "logit_scale",
        "max_seq_len",
        "norm_type",
        "verbose");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    ModelConfig part = keys.part("attn_config");
    AttentionConfig attention = part.read(AttentionConfig.class);
    part.requireAllKnown(Set.of("attn_impl"));
    Embedding words = new Embedding(weights.child("wte"), config.vocabSize(), config.dModel(), -1);
    Alibi alibi = new Alibi(slopes(config.nHeads(), attention.alibiBiasMax()));
    return DecoderBody.of(
            words,
            IntStream.range(0, config.nLayers())
                .mapToObj(i -> layer(weights.child("blocks", i), config, attention))
                .toList(),
            norm(weights.child("norm_f"), config),
            config.tieWordEmbeddings())
        .embeddedDropping(config.embPdrop())
        .biased((keep, count) -> alibi);
  }

  /**
   * {@code 2^(-max·i/n)} for the next power of two n; for another number of heads every second one
   * first.
   */
  private static List<Double> slopes(int heads, int most) {
    int power = Integer.highestOneBit(Math.max(1, 2 * heads - 1));
    double[] all = new double[power];
    for (int i = 0; i < power; i++) {
      all[i] = Math.pow(2, -(double) most * (i + 1) / power);
    }
    List<Double> slopes = new ArrayList<>();
    for (int i = 1; i < power && power != heads; i += 2) {
      slopes.add(all[i]);
    }
    for (int i = 0; i < power; i += power == heads ? 1 : 2) {
      slopes.add(all[i]);
    }
    return slopes.subList(0, heads);
  }

  private static TransformerLayer layer(Weights weights, Config config, AttentionConfig attention) {
    long size = config.dModel();
    long inner = 4 * size;
    Weights own = weights.child("attn");
    Double clip = attention.clipQkv();
    Double scale = attention.softmaxScale();
    LayerBody self =
        DecoderLayers.attention(
            own,
            new Fused(
                Linear.of(own.child("Wqkv"), size, 3 * size, false),
                Layout.BLOCKS,
                config.nHeads(),
                Linear.of(own.child("out_proj"), size, size, false)),
            config.nHeads(),
            clip == null ? List.of() : List.of(HeadChange.clip(clip)),
            new ScaledDotProduct(
                scale == null ? Double.NaN : scale, new Dropout(attention.attnPdrop())),
            0);
    Weights ffn = weights.child("ffn");
    FeedForward network =
        new FeedForward(
            ffn,
            Linear.of(ffn.child("up_proj"), size, inner, false),
            Linear.of(ffn.child("down_proj"), inner, size, false),
            Activation.GELU,
            new Dropout(0));
    Dropout dropout = new Dropout(config.residPdrop());
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("norm_1"), config), self, dropout),
        Residual.pre(
            norm(weights.child("norm_2"), config), LayerBody.each(network::apply), dropout));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.dModel(), config.layerNormEpsilon(), false);
  }
}
