package dev.heed.model.transformerxl;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.SegmentMemory;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.nn.Dropout;
import dev.heed.nn.Weights;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transformer-XL: reads a text segment by segment, each layer also its own input of the last steps
 * before (Dai et al. 2019, section 3).
 *
 * <p>Takes {@code input_ids} i64 {@code [B, T]} and perhaps {@code mems.i} {@code [M, B, H]} that
 * an earlier call gave. Before the first segment it remembers zeros, which are attended to, as in
 * the authors' code.
 */
final class TransformerXlModel extends Model {
  private final Weights weights;
  private final Parts parts;
  private final SegmentMemory memory;

  /**
   * The parts.
   *
   * @param embed of tokens
   * @param stack of layers that attend to a memory
   * @param longest steps that are remembered
   * @param sameLength whether each step sees no more than so many
   * @param dropout of embeddings while training
   * @param head what stands on the states
   */
  record Parts(
      AdaptiveEmbedding embed,
      TransformerStack stack,
      int longest,
      boolean sameLength,
      Dropout dropout,
      Head head) {}

  TransformerXlModel(Weights weights, Parts parts) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
    this.memory = new SegmentMemory("memory", parts.stack().layers().size(), parts.longest());
  }

  @Override
  public ModelKind kind() {
    return ModelKind.DECODER;
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return null;
  }

  @Override
  public TransformerXlModel withMixers(MixerSwap swap) {
    return new TransformerXlModel(
        weights,
        new Parts(
            parts.embed(),
            parts.stack().withMixers(swap),
            parts.longest(),
            parts.sameLength(),
            parts.dropout(),
            parts.head()));
  }

  @Override
  protected void run(Run run) {
    Tensor ids = run.input().require("input_ids");
    Tensor x = parts.dropout().apply(parts.embed().apply(ids), run.trace());
    Tensor nothing = Tensor.zeros(Shape.of(x.size(0), parts.longest(), x.size(2)), x.dtype());
    List<Tensor> before = memory.before(run, nothing);
    AttentionMask mask =
        parts.sameLength() ? AttentionMask.slidingWindow(parts.longest()) : AttentionMask.causal();
    AttentionRequest request = run.request(mask).withState(null);
    List<Tensor> states = new ArrayList<>();
    Tensor hidden =
        parts
            .stack()
            .apply(
                x,
                run,
                layer -> new LayerCall(request, before.get(layer), request),
                (series, state) -> {
                  states.add(state);
                  run.state(series, state);
                });
    if (run.state() == null) {
      memory.give(run, before, states);
    } else {
      memory.keep(run.state(), before, states, 0);
      run.state().advance(ids.size(1));
    }
    run.put("last_hidden_state", hidden);
    parts.head().apply(run, hidden, null);
  }
}
