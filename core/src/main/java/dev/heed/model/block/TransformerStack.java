package dev.heed.model.block;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Layers in a row, then perhaps a norm.
 *
 * @param layers in order
 * @param norm after the last, or {@link Norm#NONE}
 * @param names what the output's series begin with: empty, {@code encoder_} or {@code decoder_}
 * @param lastIsNormed whether the last recorded hidden states are those after the norm
 * @param dropout of the normed states while training
 */
public record TransformerStack(
    List<TransformerLayer> layers, Norm norm, String names, boolean lastIsNormed, Dropout dropout) {
  /** Copies the list. */
  public TransformerStack {
    layers = List.copyOf(layers);
  }

  /** Layers without a norm after them. */
  public static TransformerStack of(List<TransformerLayer> layers) {
    return new TransformerStack(layers, Norm.NONE, "", true, new Dropout(0));
  }

  /** Layers with a norm after them, after which the last hidden states are recorded. */
  public static TransformerStack of(List<TransformerLayer> layers, Norm norm) {
    return new TransformerStack(layers, norm, "", true, new Dropout(0));
  }

  /** The same as a part of an encoder-decoder. */
  public TransformerStack named(String prefix) {
    return new TransformerStack(layers, norm, prefix, lastIsNormed, dropout);
  }

  /** The same whose last recorded hidden states are those before the norm (ViT, CLIP). */
  public TransformerStack recordedBeforeNorm() {
    return new TransformerStack(layers, norm, names, false, dropout);
  }

  /** The same with dropout of what it gives while training (T5). */
  public TransformerStack dropping(Dropout other) {
    return new TransformerStack(layers, norm, names, lastIsNormed, other);
  }

  /** The same parameters around other mixers. */
  public TransformerStack withMixers(MixerSwap swap) {
    List<TransformerLayer> swapped = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      swapped.add(layers.get(i).withMixer(i, swap));
    }
    return new TransformerStack(swapped, norm, names, lastIsNormed, dropout);
  }

  /**
   * Runs every layer.
   *
   * @param x {@code [B, T, H]}
   * @param run which also gets the hidden states and weights that it wants
   * @param calls what each layer is called with
   * @return {@code [B, T, H]}
   */
  public Tensor apply(Tensor x, Run run, IntFunction<LayerCall> calls) {
    String states = names + "hidden_states";
    run.state(states, x);
    Tensor hidden = x;
    for (int i = 0; i < layers.size(); i++) {
      TransformerLayer layer = layers.get(i);
      LayerCall call = calls.apply(i);
      hidden = apply(layer, hidden, call);
      if (i < layers.size() - 1 || !lastIsNormed) {
        run.state(states, hidden);
      }
      run.weights(names + "attentions", call.selfWeights());
      run.weights(names + "global_attentions", call.globalWeights());
      run.weights("cross_attentions", call.crossWeights());
      run.routed(call.routerLogits());
    }
    Tensor normed = dropout.apply(norm.apply(hidden), run.trace());
    if (lastIsNormed) {
      run.state(states, normed);
    }
    return normed;
  }

  /** One layer, which may be computed anew for gradients from all that it reads. */
  private static Tensor apply(TransformerLayer layer, Tensor x, LayerCall call) {
    List<Tensor> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(call.sources());
    return GradientCheckpoint.block(
        layer,
        call.trace(),
        inputs,
        given -> {
          call.readFrom(given.subList(1, given.size()));
          return layer.apply(given.getFirst(), call);
        });
  }
}
