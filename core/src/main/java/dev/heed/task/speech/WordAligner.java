package dev.heed.task.speech;

import dev.heed.generate.search.Generated;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Words of written tokens, and when each is said by the model's cross-attention.
 *
 * @param model which wrote
 * @param tokenizer of its text
 * @param alignmentHeads pairs of layer and head that are known to follow the sound; where none are
 *     named, all heads of the upper half of the layers
 * @param width of the median over time
 */
record WordAligner(
    Model model, Tokenizer tokenizer, List<List<Integer>> alignmentHeads, int width) {
  /** Whisper's. */
  static final int MEDIAN = 7;

  /** Languages without spaces, in which every token is a word. */
  private static final Set<String> UNSPACED = Set.of("zh", "ja", "th", "lo", "my", "yue");

  /**
   * What was heard.
   *
   * @param states the encoder's {@code [1, Tk, H]}
   * @param there how many of them are of sound, not of filling
   * @param origin when the first begins, in seconds
   * @param step seconds of each
   * @param looking whether attention is wanted
   */
  record Sight(Tensor states, int there, double origin, double step, boolean looking) {}

  /** Whether a token is part of the text. */
  boolean isText(int id, SpeechPrompt prompt) {
    boolean time = prompt.timestamp() >= 0 && id >= prompt.timestamp();
    return !time && !prompt.config().tokens().eosTokenId().contains(id) && !tokenizer.isSpecial(id);
  }

  /** The words of what was written. */
  List<Heard.Word> words(Generated written, SpeechPrompt prompt, Sight sight) {
    int[] tokens = written.continuation();
    int end = tokens.length;
    while (end > 0 && prompt.config().tokens().eosTokenId().contains(tokens[end - 1])) {
      end--;
    }
    if (end == 0) {
      return List.of();
    }
    double[][][] heads = attention(written, end, sight);
    int[] starts = WordTimes.starts(heads, width);
    boolean unspaced = prompt.language() != null && UNSPACED.contains(prompt.language());
    List<Heard.Word> words = new ArrayList<>();
    Growing word = new Growing();
    Growing piece = new Growing();
    List<Long> text = new ArrayList<>();
    String before = "";
    for (int i = 0; i < end; i++) {
      if (!isText(tokens[i], prompt)) {
        continue;
      }
      text.add((long) tokens[i]);
      String now =
          tokenizer.decode(text.stream().mapToLong(Long::longValue).toArray(), false, false);
      piece.add(i, written.steps().get(i).logProbability());
      // A character may take several tokens.
      if (now.endsWith("\uFFFD") && i < end - 1) {
        continue;
      }
      piece.text.append(now.length() > before.length() ? now.substring(before.length()) : "");
      before = now;
      if (word.from >= 0 && (unspaced || Character.isWhitespace(piece.first()))) {
        words.add(word.word(starts, heads, sight));
        word = new Growing();
      }
      word.add(piece);
      piece = new Growing();
    }
    word.add(piece);
    if (word.from >= 0) {
      words.add(word.word(starts, heads, sight));
    }
    return words.stream().filter(one -> !one.spoken().text().isEmpty()).toList();
  }

  /** A word, or a part of one, while tokens are added. */
  private static final class Growing {
    private final StringBuilder text = new StringBuilder();
    private int from = -1;
    private int to;
    private double sum;
    private int count;

    void add(int token, double logProbability) {
      from = from < 0 ? token : from;
      to = token + 1;
      sum += logProbability;
      count++;
    }

    void add(Growing more) {
      if (more.from >= 0) {
        from = from < 0 ? more.from : from;
        to = more.to;
        sum += more.sum;
        count += more.count;
        text.append(more.text);
      }
    }

    char first() {
      return text.isEmpty() ? 'x' : text.charAt(0);
    }

    Heard.Word word(int[] starts, double[][][] heads, Sight sight) {
      double start = sight.origin() + starts[from] * sight.step();
      double end = sight.origin() + Math.max(starts[to], starts[from] + 1) * sight.step();
      SpokenWord spoken =
          new SpokenWord(text.toString().strip(), start, end, Math.exp(sum / count));
      return new Heard.Word(
          spoken,
          text.toString(),
          sight.looking() ? attention(heads) : new double[0],
          sight.origin(),
          sight.step());
    }

    private double[] attention(double[][][] heads) {
      double[] mean = new double[heads[0][0].length];
      for (double[][] head : heads) {
        for (int row = from; row < to; row++) {
          for (int i = 0; i < mean.length; i++) {
            mean[i] += head[row][i] / (heads.length * (to - from));
          }
        }
      }
      return mean;
    }
  }

  /**
   * What the places that wrote each token, and the one after the last, attended to: {@code [head]
   * [token][state]}.
   */
  private double[][][] attention(Generated written, int count, Sight sight) {
    long[] fed =
        Arrays.stream(written.tokens().first(written.prompt() + count).toArray())
            .asLongStream()
            .toArray();
    ModelOutput output =
        model.apply(
            ModelInput.of(EncoderDecoderModel.ENCODED, sight.states())
                .with("decoder_input_ids", Tensor.of(fed, 1, fed.length)),
            Trace.NONE,
            new Wanted(false, true));
    List<Tensor> layers = output.series("cross_attentions");
    List<double[][]> heads = new ArrayList<>();
    for (int[] pair : chosen(layers)) {
      Tensor map =
          layers
              .get(pair[0])
              .select(0, 0)
              .select(0, pair[1])
              .narrow(0, written.prompt() - 1L, count + 1L)
              .narrow(1, 0, sight.there());
      double[] flat = map.to(DType.F64).contiguous().toDoubleArray();
      double[][] rows = new double[count + 1][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * sight.there(), (i + 1) * sight.there());
      }
      heads.add(rows);
    }
    return heads.toArray(double[][][]::new);
  }

  private List<int[]> chosen(List<Tensor> layers) {
    List<int[]> pairs = new ArrayList<>();
    for (List<Integer> pair : alignmentHeads) {
      boolean there =
          pair.size() == 2
              && pair.get(0) >= 0
              && pair.get(0) < layers.size()
              && pair.get(1) >= 0
              && pair.get(1) < layers.get(pair.get(0)).size(1);
      if (!there) {
        throw new IllegalArgumentException(
            "alignment_heads: expected pairs of one of "
                + layers.size()
                + " layers and one of its heads, got "
                + pair);
      }
      pairs.add(new int[] {pair.get(0), pair.get(1)});
    }
    if (pairs.isEmpty()) {
      for (int layer = layers.size() / 2; layer < layers.size(); layer++) {
        for (int head = 0; head < layers.get(layer).size(1); head++) {
          pairs.add(new int[] {layer, head});
        }
      }
    }
    return pairs;
  }
}
