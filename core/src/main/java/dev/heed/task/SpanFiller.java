package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fills gaps of any length, by an encoder-decoder that writes each gap after its sentinel: {@code
 * <extra_id_0>}, {@code <extra_id_1>} … (Raffel et al., JMLR 2020, section 3.1.4).
 *
 * <p>Any number of threads may use it at once.
 */
public final class SpanFiller implements AutoCloseable {
  private static final int LONGEST = 64;

  private final TextGenerator writer;
  private final Map<Integer, Integer> sentinels;

  private SpanFiller(TextGenerator writer, Map<Integer, Integer> sentinels) {
    this.writer = writer;
    this.sentinels = sentinels;
  }

  /**
   * A text whose gaps are filled.
   *
   * @param spans what stands in each gap, from left to right; empty where the model wrote nothing
   * @param text the whole
   */
  public record Filled(List<String> spans, String text) {
    /** Copies the list. */
    public Filled {
      spans = List.copyOf(spans);
    }
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   * @throws IllegalArgumentException for a tokenizer without {@code <extra_id_0>}
   */
  public static SpanFiller open(ModelFiles files, @Nullable DType dtype) {
    Task.FILL.require(files);
    TextGenerator writer = TextGenerator.open(files, dtype);
    Map<Integer, Integer> sentinels = new HashMap<>();
    OptionalInt id = sentinel(writer.tokenizer(), 0);
    for (int i = 0; id.isPresent(); id = sentinel(writer.tokenizer(), ++i)) {
      sentinels.put(id.getAsInt(), i);
    }
    if (sentinels.isEmpty()) {
      writer.close();
      throw new IllegalArgumentException(
          files.describe() + ": expected a tokenizer with <extra_id_0>, got one without");
    }
    return new SpanFiller(writer, sentinels);
  }

  private static OptionalInt sentinel(Tokenizer tokenizer, int number) {
    return tokenizer.id("<extra_id_" + number + ">");
  }

  /**
   * Fills the gaps of a text.
   *
   * @throws IllegalArgumentException for a text without {@code <extra_id_0>}
   */
  public Filled fill(String text) {
    Encoding encoding = writer.tokenizer().encode(text);
    List<Token> gaps =
        encoding.tokens().stream().filter(token -> sentinels.containsKey(token.id())).toList();
    if (gaps.isEmpty()) {
      throw new IllegalArgumentException(
          "text: expected <extra_id_0> where something is missing, got none");
    }
    int[] written = write(text).generated().continuation();
    Map<Integer, String> spans = spans(written, sentinels, this::decode);
    StringBuilder whole = new StringBuilder();
    List<String> inOrder = new ArrayList<>();
    int from = 0;
    for (Token gap : gaps) {
      String span = spans.getOrDefault(sentinels.get(gap.id()), "");
      inOrder.add(span);
      whole.append(text, from, gap.start()).append(span);
      from = gap.end();
    }
    return new Filled(inOrder, whole.append(text.substring(from)).toString());
  }

  private Completion write(String text) {
    SearchSettings settings =
        SearchSettings.of(writer.config().with("do_sample", false).with("max_new_tokens", LONGEST));
    return writer.generate(List.of(text), settings).getFirst().getFirst();
  }

  /** Which tokens of the text each token that fills a gap looked at. */
  public Evidence explain(String text) {
    String filled = fill(text).text();
    Evidence written = WrittenEvidence.of(writer, writer.tokens(text), write(text));
    return new Evidence(filled, written.note(), written.parts());
  }

  /**
   * What follows each sentinel, by its number; the first time counts.
   *
   * @param written by the model
   * @param sentinels their numbers by their tokens
   */
  static Map<Integer, String> spans(
      int[] written, Map<Integer, Integer> sentinels, Function<long[], String> decode) {
    Map<Integer, String> spans = new HashMap<>();
    Integer current = null;
    int from = 0;
    for (int i = 0; i <= written.length; i++) {
      Integer next = i < written.length ? sentinels.get(written[i]) : null;
      if (next == null && i < written.length) {
        continue;
      }
      if (current != null) {
        long[] ids = Arrays.stream(written, from, i).asLongStream().toArray();
        spans.putIfAbsent(current, decode.apply(ids));
      }
      current = next;
      from = i + 1;
    }
    return spans;
  }

  private String decode(long[] ids) {
    return writer.tokenizer().decode(ids, false).strip();
  }

  @Override
  public void close() {
    writer.close();
  }
}
