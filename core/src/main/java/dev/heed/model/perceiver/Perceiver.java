package dev.heed.model.perceiver;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.perceiver.PerceiverConfig.Reading;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Latent vectors read the input once, go through the layers, and are read by the output's queries
 * (Jaegle et al. 2022, section 3).
 *
 * <p>Gives {@code last_hidden_state}, the latents {@code [B, latents, size]}; {@code attentions}
 * are those among them, {@code cross_attentions} those of reading: the input first, then the
 * latents.
 */
public final class Perceiver extends Model {
  private final Weights weights;
  private final Parts parts;

  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param embed from the call's inputs to {@code [B, T, d_model]}
   * @param latents {@code [latents, size]}
   * @param read how latents read the input
   * @param blocks the layers, once for each time they are gone through
   * @param decode how the output's queries read the latents, or null without an output
   * @param head what stands on the output
   * @param table the token table, or null where there is none
   */
  record Parts(
      Function<Run, Tensor> embed,
      Tensor latents,
      CrossRead read,
      List<TransformerStack> blocks,
      @Nullable Decoding decode,
      Head head,
      @Nullable Tensor table) {
    /** The same with an output. */
    Parts with(Decoding decoding, Head other) {
      return new Parts(embed, latents, read, blocks, decoding, other, table);
    }
  }

  /**
   * How an output is read.
   *
   * @param queries {@code [outputs, size]}
   * @param read the layer
   */
  record Decoding(Tensor queries, CrossRead read) {}

  Perceiver(Weights weights, Parts parts) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
  }

  /** The encoder's parts without an output. */
  static Parts encoder(
      Weights weights,
      PerceiverConfig config,
      Function<Run, Tensor> embed,
      @Nullable Tensor table) {
    Weights encoder = weights.child("encoder");
    return new Parts(
        embed,
        weights
            .child("embeddings")
            .parameter("latents", Initializer.normal(0.02), config.numLatents(), config.dLatents()),
        new CrossRead(encoder.child("cross_attention"), config.reading(), config),
        blocks(encoder, config),
        null,
        Head.NONE,
        table);
  }

  /** Every block has the same parameters, and trace points of its own. */
  private static List<TransformerStack> blocks(Weights encoder, PerceiverConfig config) {
    int each = config.numSelfAttendsPerBlock();
    List<TransformerStack> blocks = new ArrayList<>();
    for (int block = 0; block < config.numBlocks(); block++) {
      int before = block * each;
      blocks.add(
          TransformerStack.of(
              IntStream.range(0, each)
                  .mapToObj(i -> {
                    Weights layer = encoder.child("self_attends", i);
                    String use = encoder.name("self_attends." + (before + i));
                    return layer(layer.tracedAs(use), config);
                  })
                  .toList()));
    }
    return blocks;
  }

  private static TransformerLayer layer(Weights weights, PerceiverConfig config) {
    int size = config.dLatents();
    Reading sizes =
        new Reading(
            size,
            size,
            config.qkChannels() == null ? size : config.qkChannels(),
            config.vChannels(),
            config.numSelfAttentionHeads(),
            config.selfAttentionWideningFactor(),
            true);
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.pre(
            new LayerNorm(weights.child("attention.self.layernorm1"), size, CrossRead.EPSILON),
            LayerBody.self(CrossRead.attention(weights, sizes, config)),
            none),
        Residual.pre(
            new LayerNorm(weights.child("layernorm"), size, CrossRead.EPSILON),
            LayerBody.each(
                CrossRead.feedForward(weights.child("mlp"), size, sizes.widening(), config)::apply),
            none));
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return parts.table();
  }

  @Override
  public Perceiver withMixers(MixerSwap swap) {
    return new Perceiver(
        weights,
        new Parts(
            parts.embed(),
            parts.latents(),
            parts.read(),
            parts.blocks().stream().map(block -> block.withMixers(swap)).toList(),
            parts.decode(),
            parts.head(),
            parts.table()));
  }

  @Override
  protected void run(Run run) {
    Tensor inputs = parts.embed().apply(run);
    Tensor there = run.input().truth("attention_mask");
    AttentionOutput read =
        parts
            .read()
            .apply(
                perSequence(parts.latents(), inputs),
                inputs,
                run.request(there == null ? null : AttentionMask.padding(there)));
    run.weights("cross_attentions", read.weights());
    Tensor latents = read.output();
    for (TransformerStack block : parts.blocks()) {
      latents = block.apply(latents, run, layer -> new LayerCall(run.request(null)));
    }
    run.put("last_hidden_state", latents);
    if (parts.decode() != null) {
      AttentionOutput decoded =
          parts
              .decode()
              .read()
              .apply(perSequence(parts.decode().queries(), inputs), latents, run.request(null));
      run.weights("cross_attentions", decoded.weights());
      parts.head().apply(run, decoded.output(), null);
    }
  }

  /** {@code [N, size]} as {@code [B, N, size]}. */
  private static Tensor perSequence(Tensor vectors, Tensor inputs) {
    return vectors.unsqueeze(0).expand(inputs.size(0), vectors.size(0), vectors.size(1));
  }
}
