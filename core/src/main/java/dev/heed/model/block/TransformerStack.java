package dev.heed.model.block;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Layers in a row, then perhaps a norm.
 *
 * @param layers in order
 * @param norm after the last, or {@link Norm#NONE}
 * @param names what the output's series begin with: empty, {@code encoder_} or {@code decoder_}
 * @param recorded which hidden states are recorded
 * @param dropout of the normed states while training
 */
public record TransformerStack(
    List<TransformerLayer> layers, Norm norm, String names, Recorded recorded, Dropout dropout) {
  /** Which hidden states are recorded. */
  public enum Recorded {
    /** The layers' inputs, and last what the norm gives. */
    INPUTS_AND_NORMED,
    /** The layers' inputs, and last what goes into the norm (ViT, CLIP). */
    INPUTS_AND_LAST,
    /** The layers' outputs, and last what the norm gives (Mamba, RWKV). */
    OUTPUTS_AND_NORMED,
    /** The layers' outputs: of a stage among others (PVT). */
    OUTPUTS,
    /** None: of a stage whose caller records its result. */
    NONE
  }

  /** Copies the list. */
  public TransformerStack {
    layers = List.copyOf(layers);
  }

  /** Layers without a norm after them. */
  public static TransformerStack of(List<TransformerLayer> layers) {
    return new TransformerStack(layers, Norm.NONE, "", Recorded.INPUTS_AND_NORMED, new Dropout(0));
  }

  /** Layers with a norm after them, after which the last hidden states are recorded. */
  public static TransformerStack of(List<TransformerLayer> layers, Norm norm) {
    return new TransformerStack(layers, norm, "", Recorded.INPUTS_AND_NORMED, new Dropout(0));
  }

  /**
   * Layers {@code layers.0} and on.
   *
   * @param half the path they lie below
   * @param layer makes one at its path
   */
  public static List<TransformerLayer> layers(
      Weights half, int count, Function<Weights, TransformerLayer> layer) {
    return IntStream.range(0, count).mapToObj(i -> layer.apply(half.child("layers", i))).toList();
  }

  /** The same as a part of an encoder-decoder. */
  public TransformerStack named(String prefix) {
    return new TransformerStack(layers, norm, prefix, recorded, dropout);
  }

  /** The same whose last recorded hidden states are those before the norm (ViT, CLIP). */
  public TransformerStack recordedBeforeNorm() {
    return new TransformerStack(layers, norm, names, Recorded.INPUTS_AND_LAST, dropout);
  }

  /** The same whose recorded hidden states are the layers' outputs (Mamba, RWKV). */
  public TransformerStack recordedAfterLayers() {
    return new TransformerStack(layers, norm, names, Recorded.OUTPUTS_AND_NORMED, dropout);
  }

  /** The same, one stage of several, with other hidden states recorded. */
  public TransformerStack recording(Recorded other) {
    return new TransformerStack(layers, norm, names, other, dropout);
  }

  /** The same with dropout of what it gives while training (T5). */
  public TransformerStack dropping(Dropout other) {
    return new TransformerStack(layers, norm, names, recorded, other);
  }

  /** The same parameters around other mixers. */
  public TransformerStack withMixers(MixerSwap swap) {
    List<TransformerLayer> swapped = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      swapped.add(layers.get(i).withMixer(i, swap));
    }
    return new TransformerStack(swapped, norm, names, recorded, dropout);
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
    return apply(x, run, calls, run::state);
  }

  /**
   * The same that records hidden states in another way.
   *
   * @param recorder is given a series and the next state of it
   */
  public Tensor apply(
      Tensor x, Run run, IntFunction<LayerCall> calls, BiConsumer<String, Tensor> recorder) {
    return apply(x, run, calls, recorder, false);
  }

  /**
   * The same for a reader of the first token alone, in a run that wants no hidden states.
   *
   * @return {@code [B, 1, H]} where the last layer can do with that token, else {@code [B, T, H]}
   */
  public Tensor applyForFirst(Tensor x, Run run, IntFunction<LayerCall> calls) {
    return apply(x, run, calls, run::state, true);
  }

  private Tensor apply(
      Tensor x,
      Run run,
      IntFunction<LayerCall> calls,
      BiConsumer<String, Tensor> recorder,
      boolean first) {
    String states = names + "hidden_states";
    boolean inputs = recorded == Recorded.INPUTS_AND_NORMED || recorded == Recorded.INPUTS_AND_LAST;
    boolean outputs = recorded == Recorded.OUTPUTS_AND_NORMED || recorded == Recorded.OUTPUTS;
    if (inputs) {
      recorder.accept(states, x);
    }
    Tensor hidden = x;
    for (int i = 0; i < layers.size(); i++) {
      TransformerLayer layer = layers.get(i);
      LayerCall call = calls.apply(i);
      boolean last = i == layers.size() - 1;
      hidden = apply(layer, hidden, call, first && last);
      if (outputs || (inputs && (!last || recorded == Recorded.INPUTS_AND_LAST))) {
        recorder.accept(states, hidden);
      }
      run.weights(names + "attentions", call.selfWeights());
      run.weights(names + "global_attentions", call.globalWeights());
      run.weights("cross_attentions", call.crossWeights());
      run.routed(call.routerLogits());
    }
    Tensor normed = dropout.apply(norm.apply(hidden), run.trace());
    if (recorded == Recorded.INPUTS_AND_NORMED || recorded == Recorded.OUTPUTS_AND_NORMED) {
      recorder.accept(states, normed);
    }
    return normed;
  }

  /** One layer, which may be computed anew for gradients from all that it reads. */
  private static Tensor apply(TransformerLayer layer, Tensor x, LayerCall call, boolean first) {
    List<Tensor> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(call.sources());
    return GradientCheckpoint.block(
        layer,
        call.trace(),
        inputs,
        given -> {
          call.readFrom(given.subList(1, given.size()));
          Tensor state = given.getFirst();
          return first ? layer.applyForFirst(state, call) : layer.apply(state, call);
        });
  }
}
