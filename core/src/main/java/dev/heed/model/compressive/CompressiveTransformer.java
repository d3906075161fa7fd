package dev.heed.model.compressive;

import dev.heed.mixer.memory.CompressiveAttention;
import dev.heed.mixer.memory.CompressiveAttention.Memory;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * A language model over segments with a memory and a compressed memory in each layer (Rae et al.
 * 2019): pre-norm layers of {@link CompressiveAttention} and a GELU network, one table of relative
 * positions for all layers.
 */
public final class CompressiveTransformer extends Module {
  private static final double NORM_EPSILON = 1e-5;

  /**
   * The sizes and options.
   *
   * @param vocabulary tokens
   * @param embedding size of their vectors; another size than the model's adds a map
   * @param layers how many
   * @param segment the longest segment
   * @param attention of every layer
   * @param enhancedRecurrence whether layer l reads the memory of layer l + 1 (and the last that of
   *     the first)
   * @param gated whether a gated recurrent unit takes the place of each residual sum
   */
  public record Config(
      int vocabulary,
      int embedding,
      int layers,
      int segment,
      CompressiveAttention.Size attention,
      boolean enhancedRecurrence,
      boolean gated) {
    long model() {
      return attention.model();
    }
  }

  /**
   * What one segment gives.
   *
   * @param logits {@code [B, T, vocabulary]}
   * @param memories one a layer, without gradient
   * @param reconstruction the mean of the layers' attention-reconstruction losses
   */
  public record Segment(Tensor logits, List<Memory> memories, Tensor reconstruction) {}

  private record Layer(
      LayerNorm attentionNorm,
      CompressiveAttention attention,
      Residual afterAttention,
      LayerNorm feedForwardNorm,
      FeedForward feedForward,
      Residual afterFeedForward) {}

  private final Config config;
  private final Embedding embedding;
  private final List<Linear> toModel = new ArrayList<>();
  private final List<Linear> toLogits = new ArrayList<>();
  private final Tensor positions;
  private final List<Layer> layers = new ArrayList<>();

  /** With the parameter names of the PyTorch package that the reference was recorded with. */
  public CompressiveTransformer(Weights weights, Config config) {
    super(weights);
    this.config = config;
    this.embedding =
        new Embedding(weights.child("token_emb"), config.vocabulary(), config.embedding(), -1);
    if (config.embedding() != config.model()) {
      toModel.add(Linear.of(weights.child("to_model_dim"), config.embedding(), config.model()));
      toLogits.add(Linear.of(weights.child("to_logits.0"), config.model(), config.embedding()));
    }
    toLogits.add(Linear.of(weights.child("to_logits.1"), config.embedding(), config.vocabulary()));
    CompressiveAttention.Size size = config.attention();
    this.positions =
        weights.parameter(
            "pos_emb",
            Initializer.ZEROS,
            size.heads(),
            (long) config.segment() + size.memory() + size.compressed(),
            size.model() / size.heads());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer(weights.child("attn_layers", i), weights.child("ff_layers", i)));
    }
  }

  private Layer layer(Weights attention, Weights feedForward) {
    long model = config.model();
    Weights inner = feedForward.child("fn.fn");
    return new Layer(
        new LayerNorm(attention.child("fn.norm"), model, NORM_EPSILON),
        new CompressiveAttention(attention.child("fn.fn"), config.attention()),
        Residual.of(attention, model, config.gated()),
        new LayerNorm(feedForward.child("fn.norm"), model, NORM_EPSILON),
        new FeedForward(
            inner,
            Linear.of(inner.child("w1"), model, 4 * model),
            Linear.of(inner.child("w2"), 4 * model, model),
            Activation.GELU,
            new Dropout(0)),
        Residual.of(feedForward, model, config.gated()));
  }

  /**
   * Reads one segment.
   *
   * @param tokens i64 {@code [B, T]}, T at most the configuration's segment
   * @param memories of the segment before, or an empty list at the start
   */
  public Segment apply(Tensor tokens, List<Memory> memories) {
    return apply(tokens, memories, Trace.NONE);
  }

  /** The same, each layer traced as its attention is, and at {@code layers.N.resid_post}. */
  public Segment apply(Tensor tokens, List<Memory> memories, Trace trace) {
    return TensorScope.run(() -> {
      Tensor x = through(toModel, embedding.apply(tokens));
      Tensor none = x;
      List<Memory> next = new ArrayList<>();
      Tensor loss = Tensor.scalar(0, x.dtype());
      for (int i = 0; i < layers.size(); i++) {
        int source = config.enhancedRecurrence() ? (i + 1) % layers.size() : i;
        Memory memory = memories.isEmpty() ? Memory.none(none) : memories.get(source);
        Layer layer = layers.get(i);
        CompressiveAttention.Result result =
            layer
                .attention()
                .apply(
                    layer.attentionNorm().apply(x),
                    memory,
                    positions(memory, tokens.size(1)),
                    trace);
        x = layer.afterAttention().join(x, result.output());
        Tensor inner = layer.feedForwardNorm().apply(x);
        x = layer.afterFeedForward().join(x, layer.feedForward().apply(inner, trace));
        x = trace.visit(point("layers." + i + ".resid_post"), x);
        loss = loss.add(result.reconstruction());
        next.add(
            new Memory(result.memory().recent().detach(), result.memory().compressed().detach()));
      }
      return new Segment(through(toLogits, x), next, loss.div(layers.size()));
    });
  }

  /** The reference counts the table from its start while the memories are still filling. */
  private Tensor positions(Memory memory, long length) {
    long total = memory.recent().size(1) + memory.compressed().size(1) + config.segment();
    return positions.narrow(1, config.segment() - length, total - config.segment() + length);
  }

  private static Tensor through(List<Linear> maps, Tensor x) {
    Tensor y = x;
    for (Linear map : maps) {
      y = map.apply(y);
    }
    return y;
  }
}
