package dev.heed.model.retro;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes retrieved neighbours, each with a look at the chunk it was retrieved for (Borgeaud et al.
 * 2021, section 2.3).
 */
final class NeighbourEncoder extends Module {
  private record Layer(
      RetroNorm selfNorm,
      RetroAttention self,
      RetroNorm crossNorm,
      RetroAttention cross,
      RetroFeedForward feedForward) {}

  private final List<Layer> layers = new ArrayList<>();
  private final RetroNorm norm;
  private final Linear out;
  private final Tensor frequencies;

  NeighbourEncoder(Weights weights, RetroConfig config) {
    super(weights);
    int size = config.encoderSize();
    for (int i = 0; i < config.encoderLayers(); i++) {
      Weights layer = weights.child("layers", i);
      layers.add(
          new Layer(
              new RetroNorm(layer.child("0.norm"), size),
              new RetroAttention(layer.child("0.fn"), size(config, size)),
              new RetroNorm(layer.child("1.norm"), size),
              new RetroAttention(layer.child("1.fn"), size(config, config.decoderSize())),
              new RetroFeedForward(layer.child("2"), size)));
    }
    this.norm = new RetroNorm(weights.child("norm_out"), size);
    this.out = Linear.of(weights.child("project_out"), size, config.decoderSize());
    this.frequencies =
        weights.buffer(
            "rotary_pos_emb.inv_freq",
            (shape, dtype, generator) -> RotaryAngles.frequencies(shape, dtype),
            config.rotarySize() / 2);
  }

  private static RetroAttention.Size size(RetroConfig config, int context) {
    return new RetroAttention.Size(
        config.encoderSize(), context, config.heads(), config.headSize(), false, false);
  }

  /**
   * Encodes neighbours: each layer attends to itself and to the chunk, and is traced at {@code
   * layers.N.resid_post} and as {@link RetroAttention} is.
   *
   * @param neighbours {@code [N, length, encoder size]}
   * @param mask bool {@code [N, length]}
   * @param chunks the hidden states of the chunk of each neighbour, {@code [N, chunk, decoder
   *     size]}
   * @param trace of the run
   * @return {@code [N, length, decoder size]}
   */
  Tensor apply(Tensor neighbours, Tensor mask, Tensor chunks, Trace trace) {
    return TensorScope.run(() -> {
      RotaryAngles own = RotaryAngles.of(frequencies, 0, neighbours.size(1));
      RotaryAngles theirs = RotaryAngles.of(frequencies, 0, chunks.size(1));
      Tensor x = neighbours;
      for (int i = 0; i < layers.size(); i++) {
        Layer layer = layers.get(i);
        Tensor self = layer.selfNorm().apply(x);
        x = x.add(layer.self().apply(self, self, mask, own, own, trace).output());
        Tensor cross = layer.crossNorm().apply(x);
        x = x.add(layer.cross().apply(cross, chunks, null, own, theirs, trace).output());
        x = trace.visit(point("layers." + i + ".resid_post"), layer.feedForward().apply(x));
      }
      return out.apply(norm.apply(x));
    });
  }
}
