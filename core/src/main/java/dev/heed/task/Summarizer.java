package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Word;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says a text in fewer words, by an encoder-decoder that was taught to.
 *
 * <p>A text that the model reads at once, as LED and LongT5 read documents of ten thousand tokens,
 * is read at once; LED's first token sees all of it, as in its training. A longer one is summarised
 * in pieces of whole sentences, and the summaries together again, until they fit (a hierarchy, as
 * Wu et al., Recursively Summarizing Books with Human Feedback, 2021).
 *
 * <p>Any number of threads may use it at once.
 */
public final class Summarizer implements AutoCloseable {
  private static final String TASK = "summarization";

  private final TextGenerator writer;
  private final ModelConfig config;
  private final String prefix;
  private final int longest;

  private Summarizer(TextGenerator writer, ModelConfig config, String prefix, int longest) {
    this.writer = writer;
    this.config = config;
    this.prefix = prefix;
    this.longest = longest;
  }

  /**
   * How long summaries get.
   *
   * @param most tokens, or null for what the model's files say
   * @param fewest tokens, or null for what the model's files say
   * @param beams of the search, or null for what the model's files say
   */
  public record Options(@Nullable Integer most, @Nullable Integer fewest, @Nullable Integer beams) {
    /** As the files say. */
    public static final Options USUAL = new Options(null, null, null);
  }

  /**
   * A summary.
   *
   * @param text the summary
   * @param levels 1 for a text that was read at once, else how often summaries were summarised
   * @param pieces in which the text was read
   */
  public record Summary(String text, int levels, int pieces) {}

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static Summarizer open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model that does not read one text and write another
   */
  public static Summarizer open(ModelFiles files, @Nullable DType dtype) {
    ModelConfig config = Task.SUMMARIZE.require(files);
    TextGenerator writer = TextGenerator.open(files, dtype);
    if (config.json().path("model_type").asString("").equals("led")) {
      writer.seeAllFromFirst();
    }
    return new Summarizer(writer, config, prefix(config), WrittenText.room(files, writer));
  }

  /** What the model reads before a text: what the config says, or what T5 was trained with. */
  private static String prefix(ModelConfig config) {
    JsonNode task = config.json().path("task_specific_params").path(TASK).path("prefix");
    JsonNode own = task.isString() ? task : config.json().path("prefix");
    if (own.isString()) {
      return own.stringValue();
    }
    return config.json().path("model_type").asString("").equals("t5") ? "summarize: " : "";
  }

  /** The summary of a text. */
  public Summary summarize(String text) {
    return summarize(text, Options.USUAL);
  }

  /**
   * The summary of a text.
   *
   * @throws IllegalArgumentException for a model without room for any text
   */
  public Summary summarize(String text, Options options) {
    return summarize(List.of(text), options, WrittenText.AT_ONCE).getFirst();
  }

  /**
   * The summaries of texts, with the errors of {@link #summarize(String, Options)}. Under greedy
   * search a piece that is summarised makes room for the next, of whichever text.
   *
   * @param most most pieces at once
   */
  public List<Summary> summarize(List<String> texts, Options options, int most) {
    List<Shortening> all = texts.stream().map(text -> new Shortening(text, pieces(text))).toList();
    List<Shortening> open = all;
    while (!open.isEmpty()) {
      List<String> pieces = open.stream().flatMap(each -> each.pieces.stream()).toList();
      Iterator<String> summaries =
          write(pieces, options, most).stream().map(each -> each.text().strip()).iterator();
      open.forEach(each -> each.take(summaries));
      open = open.stream().filter(each -> each.summary == null).toList();
    }
    return all.stream().map(each -> Objects.requireNonNull(each.summary)).toList();
  }

  /** A text on its way through the levels. */
  private final class Shortening {
    private final int first;
    private String current;
    private List<String> pieces;
    private int levels;
    private @Nullable Summary summary;

    Shortening(String text, List<String> pieces) {
      this.current = text;
      this.pieces = pieces;
      this.first = pieces.size();
    }

    /** Takes the summaries of its pieces. */
    void take(Iterator<String> summaries) {
      List<String> own = new ArrayList<>();
      for (int i = 0; i < pieces.size(); i++) {
        own.add(summaries.next());
      }
      levels++;
      String joined = String.join(" ", own);
      List<String> next = own.size() == 1 ? List.of() : Summarizer.this.pieces(joined);
      // a model that does not shorten would be asked for ever
      if (own.size() == 1 || joined.length() >= current.length() || next.size() >= own.size()) {
        summary = new Summary(joined, levels, first);
      }
      current = joined;
      pieces = next;
    }
  }

  private List<String> pieces(String text) {
    return TextChunks.of(text, part -> writer.tokens(prefix + part).length <= longest);
  }

  private List<Completion> write(List<String> pieces, Options options, int most) {
    List<int[]> prompts = pieces.stream().map(piece -> writer.tokens(prefix + piece)).toList();
    return writer.generateTokens(prompts, settings(options), most).stream()
        .map(List::getFirst)
        .toList();
  }

  private SearchSettings settings(Options options) {
    GenerationConfig own = WrittenText.ofTask(config, TASK, writer.config());
    if (options.fewest() != null) {
      own = own.with("min_new_tokens", options.fewest()).with("min_length", null);
    }
    if (options.beams() != null) {
      own = own.with("num_beams", options.beams());
    }
    return WrittenText.settings(own.with("num_return_sequences", 1), options.most());
  }

  /** The words of a text that its summary, or those of its pieces, attends to. */
  public Evidence explain(String text, Options options) {
    List<String> pieces = pieces(text);
    List<Completion> summaries = write(pieces, options, WrittenText.AT_ONCE);
    List<Evidence.Part> parts = new ArrayList<>();
    for (int p = 0; p < pieces.size(); p++) {
      String piece = pieces.get(p);
      String whole = prefix + piece;
      Encoding encoding = writer.tokenizer().encode(whole);
      double[][] read =
          ReadAttention.of(writer, writer.tokens(whole), summaries.get(p).generated())
              .given()
              .rows();
      List<Word> words = new ArrayList<>();
      for (TextWord word : TextWord.of(encoding, whole, "")) {
        double sum = 0;
        for (double[] row : read) {
          for (int i = 0; i < word.tokens(); i++) {
            sum += row[word.firstToken() + i] / read.length;
          }
        }
        if (word.start() >= prefix.length()) {
          words.add(new Word(word.in(whole, ""), sum));
        }
      }
      parts.add(new Evidence.Marked(summaries.get(p).text().strip(), words));
    }
    return new Evidence(
        pieces.size() == 1 ? summaries.getFirst().text().strip() : summarize(text, options).text(),
        "How much of the summary's attention each word of the text gets: the mean of the"
            + " cross-attention of all layers and heads.",
        parts);
  }

  @Override
  public void close() {
    writer.close();
  }
}
