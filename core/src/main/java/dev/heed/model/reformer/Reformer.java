package dev.heed.model.reformer;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.model.reformer.ReformerAttention.Call;
import dev.heed.model.reformer.ReformerLayer.Streams;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The Reformer: two streams through reversible layers (Kitaev et al. 2020).
 *
 * <p>Texts longer than a chunk are filled up to whole chunks; {@code hidden_states} are those of
 * the second stream, filling included, {@code last_hidden_state [B, T, 2·H]} holds both without it.
 * {@code attentions} are those within chunks, sorted as they hash.
 */
final class Reformer extends Model {
  private final ReformerConfig config;
  private final ReformerEmbeddings embeddings;
  private final List<ReformerLayer> layers;
  private final LayerNorm norm;
  private final Dropout dropout;
  private final Head head;
  private final boolean asRecorded;

  Reformer(Weights root, ReformerConfig config, Head head) {
    super(root);
    this.config = config;
    this.head = head;
    this.asRecorded = false;
    Weights weights = root.child("reformer");
    embeddings = new ReformerEmbeddings(weights.child("embeddings"), config);
    Weights encoder = weights.child("encoder");
    layers =
        IntStream.range(0, config.attnLayers().size())
            .mapToObj(i ->
                new ReformerLayer(encoder.child("layers", i), config, config.attnLayers().get(i)))
            .toList();
    norm =
        new LayerNorm(encoder.child("layer_norm"), 2L * config.hiddenSize(), config.layerNormEps());
    dropout = new Dropout(config.hiddenDropoutProb());
  }

  private Reformer(Reformer other) {
    super(other);
    config = other.config;
    embeddings = other.embeddings;
    layers = other.layers;
    norm = other.norm;
    dropout = other.dropout;
    head = other.head;
    asRecorded = true;
  }

  /**
   * While decoding, the reference's hashed layers take the states of the first sequence for those
   * of every sequence.
   */
  @Override
  public boolean couplesSequences() {
    return asRecorded;
  }

  @Override
  public Model asRecorded() {
    return new Reformer(this);
  }

  @Override
  public ModelKind kind() {
    return config.isDecoder() ? ModelKind.DECODER : ModelKind.ENCODER;
  }

  @Override
  public Tensor tokenTable() {
    return embeddings.table();
  }

  /**
   * Always fails.
   *
   * @throws UnsupportedOperationException since its layers read chunks of their own order
   */
  @Override
  public Model withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException(
        "Reformer: expected a model whose layers attend by heads that can be changed, got chunks"
            + " in the order of their hashes");
  }

  @Override
  protected void run(Run run) {
    ModelInput input = run.input();
    Tensor given = input.require("input_ids");
    long time = given.size(1);
    long filling = filling(time, input.past());
    Tensor ids = fill(given, filling, config.padTokenId());
    Tensor there = present(input.truth("attention_mask"), given, filling);
    Tensor places = input.get("position_ids");
    Tensor positions =
        places == null
            ? Tensor.arange(ids.size(1), DType.I64).add(input.past())
            : fill(places, filling, 0);
    Tensor embedded = embeddings.apply(ids, positions, run.trace());
    Streams streams = new Streams(embedded, embedded);
    for (int i = 0; i < layers.size(); i++) {
      run.state("hidden_states", streams.second());
      streams = layers.get(i).apply(streams, new Call(run, i, there, time, asRecorded));
    }
    run.state("hidden_states", streams.second());
    Tensor both = Tensor.cat(List.of(streams.first(), streams.second()), -1);
    Tensor hidden = dropout.apply(norm.apply(both), run.trace()).narrow(1, 0, time);
    if (run.state() != null) {
      run.state().advance(time);
    }
    run.put("last_hidden_state", hidden);
    head.apply(run, hidden, null);
  }

  /** How many tokens are appended; none to those that go on from earlier ones. */
  private long filling(long time, long past) {
    if (past > 0 || time <= config.shortest()) {
      return 0;
    }
    return Math.ceilDiv(time, config.multiple()) * config.multiple() - time;
  }

  private static Tensor fill(Tensor x, long filling, long value) {
    return filling == 0
        ? x
        : Tensor.cat(List.of(x, Tensor.full(Shape.of(x.size(0), filling), value, x.dtype())), 1);
  }

  private static @Nullable Tensor present(@Nullable Tensor there, Tensor ids, long filling) {
    if (there == null && filling == 0) {
      return null;
    }
    Tensor numbers = there == null ? Tensor.ones(ids.shape(), DType.I64) : there.to(DType.I64);
    return fill(numbers, filling, 0).ne(0);
  }
}
