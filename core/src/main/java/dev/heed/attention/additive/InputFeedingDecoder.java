package dev.heed.attention.additive;

import dev.heed.attention.additive.LuongAttention.Attended;
import dev.heed.nn.Embedding;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A decoder that feeds each attentional state into the next step: {@code x_t = [emb(y_t);
 * attentional_{t-1}]}, the first one zero; the attention looks from the new state.
 *
 * <p>Source: Luong, Pham, Manning 2015, section 3.3. Parameters are named as in OpenNMT-py's {@code
 * InputFeedRNNDecoder}.
 */
public final class InputFeedingDecoder extends Module {
  /**
   * The options.
   *
   * @param vocabulary how many target words there are
   * @param embedding size of a word's vector
   * @param hidden size of a state
   * @param layers cells on top of each other
   */
  public record Config(
      long vocabulary,
      long embedding,
      long hidden,
      int layers,
      CellKind cell,
      LuongAttention.Score score) {}

  /**
   * What decoding gives.
   *
   * @param outputs the attentional states, {@code [B, T, hidden]}
   * @param weights where each step looked, {@code [B, T, S]}
   * @param hidden last states {@code [layers, B, hidden]}
   * @param cell last cell states; of a GRU the hidden states again
   */
  public record Decoded(Tensor outputs, Tensor weights, Tensor hidden, Tensor cell) {}

  private final Embedding words;
  private final StackedCells cells;
  private final LuongAttention attention;
  private final Config config;

  /** Builds the embedding, the cells and the attention. */
  public InputFeedingDecoder(Weights weights, Config config) {
    super(weights);
    this.config = config;
    this.words =
        new Embedding(
            weights.child("embeddings.word"), config.vocabulary(), config.embedding(), -1);
    this.cells =
        new StackedCells(
            weights.child("rnn"),
            config.cell(),
            config.embedding() + config.hidden(),
            config.hidden(),
            config.layers());
    this.attention =
        new LuongAttention(
            weights.child("attn"), LuongAttention.Config.global(config.hidden(), config.score()));
  }

  /** The table of the target's words, {@code [vocabulary, embedding]}. */
  public Tensor table() {
    return words.weight();
  }

  /**
   * Decodes known words.
   *
   * @param target i64 {@code [B, T]}, the words fed in
   * @param memory the encoder's states, {@code [B, S, hidden]}
   * @param lengths i64 {@code [B]}: how much of each source there is
   * @param h0 first states {@code [layers, B, hidden]}
   * @param c0 first cell states, of the same shape; a GRU does not look at them
   */
  public Decoded apply(Tensor target, Tensor memory, Tensor lengths, Tensor h0, Tensor c0) {
    return TensorScope.run(() -> {
      Tensor embedded = words.apply(target);
      Function<Tensor, Attended> attend = attention.over(memory, lengths, 0);
      Tensor feed = Tensor.zeros(Shape.of(target.size(0), 1, config.hidden()), memory.dtype());
      States states = new States(feed, h0, c0);
      List<Tensor> outputs = new ArrayList<>();
      List<Tensor> weights = new ArrayList<>();
      for (int step = 0; step < target.size(1); step++) {
        Tensor input = Tensor.cat(List.of(embedded.narrow(1, step, 1), feed), -1);
        states = cells.step(input, states.hidden(), states.cell());
        Attended attended = attend.apply(states.outputs());
        feed = attended.output();
        outputs.add(feed);
        weights.add(attended.alignment().weights());
      }
      return new Decoded(
          Tensor.cat(outputs, 1), Tensor.cat(weights, 1), states.hidden(), states.cell());
    });
  }
}
