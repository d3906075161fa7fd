package dev.heed.model.transformerxl;

import dev.heed.attention.position.RelativeSinusoids.Distances;
import dev.heed.mixer.memory.TransformerXlAttention;
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
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * A language model that reads a text segment by segment: each layer attends to its own input of the
 * segment and of the last {@code memory} steps before it, which carry no gradient (Dai et al. 2019,
 * section 3.2). Post-norm layers, ReLU, an output tied to the embedding with a full softmax.
 */
public final class TransformerXl extends Module {
  private static final double NORM_EPSILON = 1e-5;

  /**
   * The sizes.
   *
   * @param vocabulary tokens
   * @param layers how many
   * @param heads a layer
   * @param model of the hidden states
   * @param head of each head
   * @param inner of the feed-forward networks
   * @param memory steps kept of earlier segments
   */
  public record Config(
      int vocabulary, int layers, int heads, int model, int head, int inner, int memory) {}

  /**
   * What one segment gives.
   *
   * @param logits {@code [B, T, vocabulary]}
   * @param memory for the next segment: the input of each layer and the last output, {@code [B, M,
   *     model]}, without gradient
   */
  public record Segment(Tensor logits, List<Tensor> memory) {}

  private record Layer(TransformerXlAttention attention, FeedForward feedForward, LayerNorm norm) {}

  private final Config config;
  private final Embedding embedding;
  private final Linear output;
  private final List<Layer> layers = new ArrayList<>();

  /** With the parameter names of the authors' PyTorch code. */
  public TransformerXl(Weights weights, Config config) {
    super(weights);
    this.config = config;
    this.embedding =
        new Embedding(
            weights.child("word_emb.emb_layers.0"), config.vocabulary(), config.model(), -1);
    Weights out = weights.child("crit.out_layers.0");
    this.output =
        Linear.tied(
            out, embedding.weight(), out.parameter("bias", Initializer.ZEROS, config.vocabulary()));
    Distances distances =
        Distances.of(
            weights.buffer(
                "pos_emb.inv_freq",
                (shape, dtype, generator) -> frequencies(shape.size(0), dtype),
                config.model() / 2));
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer(weights.child("layers", i), weights, distances));
    }
  }

  private static Tensor frequencies(long count, DType dtype) {
    return Tensor.arange(count, dtype).mul(-Math.log(10000) / count).exp();
  }

  private Layer layer(Weights weights, Weights root, Distances distances) {
    Weights inner = weights.child("pos_ff");
    return new Layer(
        new TransformerXlAttention(
            weights.child("dec_attn"),
            root,
            new TransformerXlAttention.Size(
                config.model(), config.heads(), config.head(), false, distances)),
        new FeedForward(
            inner,
            Linear.of(inner.child("CoreNet.0"), config.model(), config.inner()),
            Linear.of(inner.child("CoreNet.3"), config.inner(), config.model()),
            Activation.RELU,
            new Dropout(0)),
        new LayerNorm(inner.child("layer_norm"), config.model(), NORM_EPSILON));
  }

  /** The empty memory before the first segment. */
  public List<Tensor> noMemory(long batch) {
    List<Tensor> memory = new ArrayList<>();
    for (int i = 0; i <= config.layers(); i++) {
      memory.add(Tensor.zeros(Shape.of(batch, 0, config.model()), embedding.weight().dtype()));
    }
    return memory;
  }

  /**
   * Reads one segment.
   *
   * @param tokens i64 {@code [B, T]}
   * @param memory of the segment before it, or {@link #noMemory}
   */
  public Segment apply(Tensor tokens, List<Tensor> memory) {
    return apply(tokens, memory, Trace.NONE);
  }

  /** The same, each layer traced as its attention is, and at {@code layers.N.resid_post}. */
  public Segment apply(Tensor tokens, List<Tensor> memory, Trace trace) {
    return TensorScope.run(() -> {
      Tensor x = embedding.apply(tokens).mul(Math.sqrt(config.model()));
      List<Tensor> next = new ArrayList<>();
      for (int i = 0; i < layers.size(); i++) {
        Layer layer = layers.get(i);
        next.add(remember(memory.get(i), x));
        Tensor attended = layer.attention().apply(x, memory.get(i), trace).output();
        Tensor fed = layer.feedForward().apply(attended, trace);
        x =
            trace.visit(
                point("layers." + i + ".resid_post"), layer.norm().apply(attended.add(fed)));
      }
      next.add(remember(memory.getLast(), x));
      return new Segment(output.apply(x), next);
    });
  }

  private Tensor remember(Tensor memory, Tensor x) {
    Tensor all = Tensor.cat(List.of(memory, x.detach()), 1);
    long kept = Math.min(config.memory(), all.size(1));
    return all.narrow(1, all.size(1) - kept, kept).detach();
  }
}
