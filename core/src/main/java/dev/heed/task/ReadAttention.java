package dev.heed.task;

import dev.heed.attention.DecodeState;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.Generated;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a model read while it wrote: for each token that it wrote, its attention to each token that
 * was there, the mean over all layers and heads.
 *
 * @param given to what was read: an encoder-decoder's cross-attention to the encoder's tokens
 *     (Bahdanau et al. 2015, section 3.1), a decoder's own attention to its prompt
 * @param own the decoder's attention to its own sequence, prompt (or start token) and what it wrote
 */
record ReadAttention(Weights given, Weights own) {
  /** Mean attention above which a token is a head's sink (Gu et al., ICLR 2025, section 3.2). */
  private static final double SINK = 0.3;

  /** Rows that must follow a token before its mean says something. */
  private static final int FEWEST_ROWS = 4;

  /**
   * Weights, the mean over layers and heads.
   *
   * @param rows {@code [written][token]}
   * @param sinks for each token the share of heads whose mean attention to it, from the tokens
   *     written after it, is above 0.3
   */
  @SuppressWarnings("ArrayRecordComponent") // numbers to draw, no map's key
  record Weights(double[][] rows, double[] sinks) {
    /** One layer of one head, from what was written to the tokens. */
    AttentionMap map(List<Unit> written, List<Unit> tokens) {
      float[][] weights = new float[rows.length][tokens.size()];
      for (int row = 0; row < rows.length; row++) {
        for (int column = 0; column < weights[row].length; column++) {
          weights[row][column] = (float) rows[row][column];
        }
      }
      return AttentionMap.across(written, tokens, new float[][][][] {{weights}});
    }

    /** The first columns. */
    Weights first(int columns) {
      return new Weights(
          Arrays.stream(rows).map(row -> Arrays.copyOf(row, columns)).toArray(double[][]::new),
          Arrays.copyOf(sinks, columns));
    }
  }

  /**
   * The attention of a text that was written.
   *
   * @param writer whose text it is
   * @param read the encoder's tokens; not used of a decoder, whose prompt it goes on from
   * @throws IllegalArgumentException for a model without attention weights of that kind
   */
  static ReadAttention of(TextGenerator writer, int[] read, Generated generated) {
    Model model = writer.model();
    int[] all = generated.tokens().toArray();
    int[] fed = Arrays.copyOf(all, all.length - 1);
    int prompt = generated.prompt();
    try (TensorScope scope = TensorScope.inference();
        DecodeState state = new DecodeState()) {
      if (model.kind() == ModelKind.ENCODER_DECODER) {
        ModelOutput output =
            weighed(
                model, encoded(model, writer.input(read)).with("decoder_input_ids", row(fed, 0)));
        return new ReadAttention(
            weights(output.series("cross_attentions"), fed.length, prompt - 1, read.length, false),
            weights(output.series("decoder_attentions"), fed.length, prompt - 1, fed.length, true));
      }
      int known = known(model, fed, prompt - 1, state);
      ModelInput input = ModelInput.of("input_ids", row(fed, known));
      ModelOutput output = weighed(model, known == 0 ? input : input.with(state));
      Weights own =
          weights(
              output.series("attentions"),
              fed.length - known,
              prompt - 1 - known,
              fed.length,
              true);
      return new ReadAttention(own.first(prompt), own);
    }
  }

  /** What is read before the first token that matters, without weights; 0 if no state keeps it. */
  private static int known(Model model, int[] fed, int count, DecodeState state) {
    if (count == 0) {
      return 0;
    }
    model.apply(ModelInput.of("input_ids", row(Arrays.copyOf(fed, count), 0)).with(state));
    return state.length() == count ? count : 0;
  }

  private static ModelOutput weighed(Model model, ModelInput input) {
    return model.apply(input, Trace.NONE, new Wanted(false, true));
  }

  /** An encoder reads without weights: a long text's have no room. */
  private static ModelInput encoded(Model model, ModelInput input) {
    if (!(model instanceof EncoderDecoderModel)) {
      return input;
    }
    return ModelInput.of(
        EncoderDecoderModel.ENCODED,
        model
            .apply(input.with("decoder_input_ids", Tensor.of(new long[] {0}, 1, 1)))
            .require("encoder_last_hidden_state"));
  }

  /**
   * The mean and the sinks of layers.
   *
   * @param layers each {@code [1, heads, fed, tokens]}; the last tokens alone where it forgets
   * @param skip first rows that wrote nothing
   * @param tokens columns of the result
   * @param causal whether a row sees only itself and what is before
   */
  private static Weights weights(
      List<Tensor> layers, int fed, int skip, int tokens, boolean causal) {
    List<Tensor> usable =
        layers.stream()
            .filter(layer -> layer.rank() == 4 && layer.size(2) == fed && layer.size(3) <= tokens)
            .toList();
    if (usable.isEmpty()) {
      throw new IllegalArgumentException(
          "attention: expected a model whose layers attend from each token to each, got one"
              + " without");
    }
    int written = fed - skip;
    double[][] rows = new double[written][tokens];
    double[] sinks = new double[tokens];
    long heads = 0;
    for (Tensor layer : usable) {
      int width = Math.toIntExact(layer.size(3));
      int count = Math.toIntExact(layer.size(1));
      int shift = tokens - width;
      double[] flat = layer.narrow(2, skip, written).to(DType.F64).contiguous().toDoubleArray();
      for (int head = 0; head < count; head++) {
        for (int column = 0; column < width; column++) {
          int first = causal ? Math.max(0, shift + column - (tokens - written) + 1) : 0;
          double sum = 0;
          for (int row = 0; row < written; row++) {
            double weight = flat[(head * written + row) * width + column];
            rows[row][shift + column] += weight / count / usable.size();
            sum += row >= first ? weight : 0;
          }
          if (written - first >= FEWEST_ROWS && sum / (written - first) > SINK) {
            sinks[shift + column]++;
          }
        }
      }
      heads += count;
    }
    double all = heads;
    return new Weights(rows, Arrays.stream(sinks).map(sink -> sink / all).toArray());
  }

  private static Tensor row(int[] ids, int from) {
    return Tensor.of(
        Arrays.stream(ids, from, ids.length).asLongStream().toArray(), 1, ids.length - from);
  }

  /** Tokens as a vocabulary spells them. */
  static List<Unit> units(Tokenizer tokenizer, int[] ids) {
    return IntStream.range(0, ids.length)
        .mapToObj(i -> Unit.place(tokenizer.token(ids[i]).orElse("#" + ids[i]), i))
        .toList();
  }
}
