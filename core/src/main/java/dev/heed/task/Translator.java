package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.task.LanguageRoute.Source;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Translates, by a Marian, FSMT, M2M-100, NLLB, mBART, MADLAD or T5 checkpoint, or any other
 * encoder-decoder that was taught one pair of languages.
 *
 * <p>Languages are told as each family needs it: a token of the source ({@code >>fra<<}, {@code
 * <2fr>}), tokens of both ({@code __en__}, {@code eng_Latn}, {@code en_XX}) of which the target's
 * is forced first, or words before the text. Codes of two or three letters find theirs. A text
 * longer than the model reads is translated in pieces of whole sentences.
 *
 * <p>Any number of threads may use it at once.
 */
public final class Translator implements AutoCloseable {
  private final TextGenerator writer;
  private final TranslatorLanguages languages;
  private final int longest;

  private Translator(TextGenerator writer, TranslatorLanguages languages, int longest) {
    this.writer = writer;
    this.languages = languages;
    this.longest = longest;
  }

  /**
   * A way of translating; values stay as they are until {@code with…} gives another.
   *
   * @param from the source's language, or null for what the model's files say
   * @param to the translation's language, or null for what the model's files say
   * @param beams how many, or null for what the files say
   * @param most tokens of a translation, or null for what the files say
   */
  public record Options(
      @Nullable String from, @Nullable String to, @Nullable Integer beams, @Nullable Integer most) {
    /** As the files say. */
    public static final Options USUAL = new Options(null, null, null, null);

    /** The same from a language. */
    public Options withFrom(@Nullable String code) {
      return new Options(code, to, beams, most);
    }

    /** The same into a language. */
    public Options withTo(@Nullable String code) {
      return new Options(from, code, beams, most);
    }

    /** The same with a search by beams. */
    public Options withBeams(int count) {
      return new Options(from, to, count, most);
    }

    /** The same within a length. */
    public Options withMost(int tokens) {
      return new Options(from, to, beams, tokens);
    }
  }

  /**
   * A translation.
   *
   * @param text of all pieces
   * @param score the sum of the searches' scores
   */
  public record Translation(String text, double score) {}

  /**
   * Which source words each word of a translation attends to.
   *
   * @param source its words
   * @param target the translation's words
   * @param weights from 0 to 1, {@code [target][source]}; what is missing to 1 went to tokens that
   *     are no words
   */
  public record Alignment(List<String> source, List<String> target, double[][] weights) {
    /** Copies the lists. */
    public Alignment {
      source = List.copyOf(source);
      target = List.copyOf(target);
    }

    /** For each word of the translation the place of the source word that it attends to most. */
    public int[] best() {
      return Arrays.stream(weights)
          .mapToInt(row -> row.length == 0 ? -1 : Probabilities.order(row)[0])
          .toArray();
    }
  }

  /** A piece of a source and what was written for it. */
  private record Piece(LanguageRoute route, Source source, Completion completion) {}

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static Translator open(Path folder) {
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
  public static Translator open(ModelFiles files, @Nullable DType dtype) {
    ModelConfig config = Task.TRANSLATE.require(files);
    TextGenerator writer = TextGenerator.open(files, dtype);
    return new Translator(
        writer,
        TranslatorLanguages.of(config, writer.tokenizer(), LanguagePair.of(files)),
        WrittenText.room(files, writer));
  }

  /** The codes of the languages that the vocabulary has tokens for; empty if it has none. */
  public List<String> languages() {
    return languages.known().stream().map(LanguageCode::code).toList();
  }

  /**
   * Translates a text.
   *
   * @throws IllegalArgumentException for a language that the model does not have, or none where it
   *     must be told
   */
  public Translation translate(String text, Options options) {
    return translate(List.of(text), options).getFirst();
  }

  /** Translates texts together, with the errors of {@link #translate(String, Options)}. */
  public List<Translation> translate(List<String> texts, Options options) {
    return pieces(texts, options).stream()
        .map(pieces ->
            new Translation(
                String.join(" ", pieces.stream().map(p -> p.completion().text().strip()).toList()),
                pieces.stream().mapToDouble(p -> p.completion().generated().score()).sum()))
        .toList();
  }

  private List<List<Piece>> pieces(List<String> texts, Options options) {
    LanguageRoute route = languages.route(options.from(), options.to());
    List<List<Source>> sources =
        texts.stream()
            .map(text ->
                TextChunks.of(text, part -> read(route, part).ids().length <= longest).stream()
                    .map(part -> read(route, part))
                    .toList())
            .toList();
    List<int[]> all = sources.stream().flatMap(List::stream).map(Source::ids).toList();
    List<List<Completion>> written =
        all.isEmpty() ? List.of() : writer.generateTokens(all, settings(route, options));
    List<List<Piece>> pieces = new ArrayList<>();
    int next = 0;
    for (List<Source> parts : sources) {
      List<Piece> own = new ArrayList<>();
      for (Source part : parts) {
        own.add(new Piece(route, part, written.get(next++).getFirst()));
      }
      pieces.add(own);
    }
    return pieces;
  }

  private Source read(LanguageRoute route, String text) {
    return route.read(text, writer.tokenizer());
  }

  private SearchSettings settings(LanguageRoute route, Options options) {
    GenerationConfig own = writer.config();
    if (languages.kind() == TranslatorLanguages.Kind.WORDS && options.to() != null) {
      String from = Objects.requireNonNullElse(options.from(), "en");
      own =
          WrittenText.ofTask(languages.config(), TranslatorLanguages.task(from, options.to()), own);
    }
    if (options.beams() != null) {
      own = own.with("num_beams", options.beams());
    }
    return WrittenText.settings(route.config(own.with("num_return_sequences", 1)), options.most());
  }

  /** Which words of a text each word of its translation attends to, in each piece. */
  public List<Alignment> align(String text, Options options) {
    return pieces(List.of(text), options).getFirst().stream().map(this::alignment).toList();
  }

  private Alignment alignment(Piece piece) {
    Generated generated = piece.completion().generated();
    WrittenWords target = WrittenWords.of(writer.tokenizer().target(), generated.continuation());
    Source read = piece.source();
    String text = read.text();
    List<TextWord> source =
        TextWord.of(read.encoding(), text, "").stream()
            .filter(word -> word.start() >= piece.route().prefix().length())
            .toList();
    double[][] attention = ReadAttention.of(writer.model(), read.ids(), generated).given().rows();
    double[][] weights = new double[target.words().size()][source.size()];
    for (int row = 0; row < weights.length; row++) {
      List<Integer> tokens = target.tokens().get(row);
      for (int column = 0; column < source.size(); column++) {
        int from = read.shift() + source.get(column).firstToken();
        for (int token : tokens) {
          weights[row][column] +=
              Arrays.stream(attention[token], from, from + source.get(column).tokens()).sum()
                  / tokens.size();
        }
      }
    }
    return new Alignment(
        source.stream().map(word -> word.in(text, "")).toList(), target.words(), weights);
  }

  /** The alignment of words, to be drawn. */
  public Evidence explain(String text, Options options) {
    List<Alignment> pieces = align(text, options);
    return new Evidence(
        String.join(" ", pieces.stream().flatMap(p -> p.target().stream()).toList()),
        "Each word of the translation (rows) attends to words of the source (columns): the mean of"
            + " the cross-attention of all layers and heads.",
        pieces.stream()
            .<Evidence.Part>map(
                p -> new Evidence.Aligned("Alignment", p.target(), p.source(), p.weights()))
            .toList());
  }

  @Override
  public void close() {
    writer.close();
  }
}
