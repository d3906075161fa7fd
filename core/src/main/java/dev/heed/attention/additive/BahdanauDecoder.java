package dev.heed.attention.additive;

import dev.heed.nn.Gru;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A GRU decoder with additive attention from the <em>previous</em> top state: {@code c_t =
 * attend(s_{t-1})}, {@code s_t = GRU([e_t; c_t], s_{t-1})}, {@code pre-output = W [e_t; s_t; c_t]}.
 *
 * <p>Source: Bahdanau, Cho, Bengio 2015, section 3.1, with PyTorch's GRU and a linear readout in
 * place of the maxout; {@link RnnSearchDecoder} is the paper's own. Parameters: {@code attention},
 * {@code rnn}, {@code bridge}, {@code pre_output_layer}.
 */
public final class BahdanauDecoder extends Module {
  /**
   * What decoding gives.
   *
   * @param states the top layer's, {@code [B, T, hidden]}
   * @param preOutput what the vocabulary is scored from, {@code [B, T, hidden]}
   * @param weights where each step looked, {@code [B, T, S]}
   * @param hidden last states {@code [layers, B, hidden]}
   */
  public record Decoded(Tensor states, Tensor preOutput, Tensor weights, Tensor hidden) {}

  private final BahdanauAttention attention;
  private final Gru rnn;
  private final Linear bridge;
  private final Linear preOutput;

  /** Over a bidirectional encoder of this hidden size. */
  public BahdanauDecoder(Weights weights, long embedding, long hidden, int layers) {
    super(weights);
    this.attention = new BahdanauAttention(weights.child("attention"), hidden, 2 * hidden, hidden);
    this.rnn =
        new Gru(weights.child("rnn"), embedding + 2 * hidden, hidden, new Layout(layers, false));
    this.bridge = Linear.of(weights.child("bridge"), 2 * hidden, hidden);
    this.preOutput =
        Linear.of(weights.child("pre_output_layer"), embedding + 3 * hidden, hidden, false);
  }

  /**
   * Decodes known words.
   *
   * @param embedded the words fed in, {@code [B, T, embedding]}
   * @param memory the encoder's states, {@code [B, S, 2 · hidden]}
   * @param encoderFinal its last states, both directions, {@code [layers, B, 2 · hidden]}
   * @param allowed {@code [B, 1, S]}
   */
  public Decoded apply(Tensor embedded, Tensor memory, Tensor encoderFinal, Tensor allowed) {
    return TensorScope.run(() -> {
      Function<Tensor, Alignment> attend = attention.over(memory, allowed);
      Tensor hidden = bridge.apply(encoderFinal).tanh();
      List<Tensor> states = new ArrayList<>();
      List<Tensor> contexts = new ArrayList<>();
      List<Tensor> weights = new ArrayList<>();
      for (int step = 0; step < embedded.size(1); step++) {
        Alignment alignment = attend.apply(hidden.select(0, -1).unsqueeze(1));
        Tensor input = Tensor.cat(List.of(embedded.narrow(1, step, 1), alignment.context()), -1);
        States next = rnn.apply(input, hidden);
        hidden = next.hidden();
        states.add(next.outputs());
        contexts.add(alignment.context());
        weights.add(alignment.weights());
      }
      Tensor all = Tensor.cat(states, 1);
      Tensor readout =
          preOutput.apply(Tensor.cat(List.of(embedded, all, Tensor.cat(contexts, 1)), -1));
      return new Decoded(all, readout, Tensor.cat(weights, 1), hidden);
    });
  }
}
