package dev.heed.mixer.recurrent;

import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Gru;
import dev.heed.nn.Linear;
import dev.heed.nn.Lstm;
import dev.heed.nn.Module;
import dev.heed.nn.Rnn;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A recurrent network as a mixer: {@code y_t = W_o h_t}, {@code h_t = cell(x_t, h_{t-1})}; one that
 * looks both ways reads the sequence backwards as well and joins both states (Schuster and Paliwal
 * 1997).
 *
 * <p>Elman 1990; Cho et al. 2014 (GRU); Hochreiter and Schmidhuber 1997 (LSTM).
 */
public final class RecurrentMixer extends Module implements UnmaskedMixer, StepwiseMixer {
  /** Which network. */
  public enum Cell {
    /** Elman's network with tanh. */
    RNN,
    /** Gated recurrent units. */
    GRU,
    /** Long short-term memory. */
    LSTM
  }

  /**
   * What the tokens so far leave to the next ones.
   *
   * @param hidden {@code [directions, B, size]}
   * @param cell the same for an LSTM; of the others never looked at
   */
  public record State(Tensor hidden, Tensor cell) {}

  private interface Network {
    States apply(Tensor x, State state);
  }

  private final boolean bidirectional;
  private final Network network;
  private final Linear output;

  /** With the network's parameters in {@code cell} and {@code output}. */
  public RecurrentMixer(Weights weights, long size, Cell cell, boolean bidirectional) {
    super(weights);
    this.bidirectional = bidirectional;
    this.network = network(weights.child("cell"), size, cell, new Layout(1, bidirectional));
    this.output = Linear.of(weights.child("output"), directions() * size, size);
  }

  private static Network network(Weights weights, long size, Cell cell, Layout layout) {
    return switch (cell) {
      case RNN -> {
        Rnn rnn = new Rnn(weights, size, size, layout);
        yield (x, state) -> rnn.apply(x, state.hidden());
      }
      case GRU -> {
        Gru gru = new Gru(weights, size, size, layout);
        yield (x, state) -> gru.apply(x, state.hidden());
      }
      case LSTM -> {
        Lstm lstm = new Lstm(weights, size, size, layout);
        yield (x, state) -> lstm.apply(x, state.hidden(), state.cell());
      }
    };
  }

  private long directions() {
    return bidirectional ? 2 : 1;
  }

  @Override
  public AttentionMask sees() {
    return bidirectional ? AttentionMask.full() : AttentionMask.causal();
  }

  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> output.apply(network.apply(x, start(x.size(0))).outputs()));
  }

  private State start(long batch) {
    Tensor none =
        Tensor.zeros(
            Shape.of(directions(), batch, output.weight().size(0)), output.weight().dtype());
    return new State(none, none.alias());
  }

  /**
   * The recurrent form.
   *
   * @throws IllegalStateException if the network is bidirectional
   */
  @Override
  public StepwiseForm<State> stepwise() {
    if (bidirectional) {
      throw new IllegalStateException(
          "recurrent network: a bidirectional one needs the whole sequence; build a causal one to"
              + " go token by token");
    }
    return new OneByOne(this);
  }

  private record OneByOne(RecurrentMixer mixer) implements StepwiseForm<State> {
    @Override
    public State start(long batch) {
      return TensorScope.run(() -> mixer.start(batch));
    }

    @Override
    public Step<State> step(Tensor x, State state) {
      return TensorScope.run(() -> {
        States next = mixer.network.apply(x.unsqueeze(1), state);
        Tensor y = mixer.output.apply(next.outputs().squeeze(1));
        return new Step<>(y, new State(next.hidden(), next.cell().alias()));
      });
    }
  }
}
