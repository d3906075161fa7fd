package dev.heed.task;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.explain.ForcedText;
import dev.heed.explain.UnitGroup;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.task.LanguageRoute.Source;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
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
    return translate(texts, options, WrittenText.AT_ONCE);
  }

  /**
   * Translates texts, with the errors of {@link #translate(String, Options)}. Under greedy search
   * one that ends makes room for the next.
   *
   * @param most most texts at once
   */
  public List<Translation> translate(List<String> texts, Options options, int most) {
    return pieces(texts, options, most).stream()
        .map(pieces ->
            new Translation(
                String.join(" ", pieces.stream().map(p -> p.completion().text().strip()).toList()),
                pieces.stream().mapToDouble(p -> p.completion().generated().score()).sum()))
        .toList();
  }

  private List<List<Piece>> pieces(List<String> texts, Options options, int most) {
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
        all.isEmpty() ? List.of() : writer.generateTokens(all, settings(route, options), most);
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

  /**
   * Which words of a text each word of its translation attends to: the mean of all layers and heads
   * of the cross-attention (Bahdanau et al. 2015, section 3.1).
   *
   * @return for each piece one layer of one head, from the words of the translation to those of the
   *     source; what a row is short of 1 went to tokens that are no words
   */
  public List<AttentionMap> align(String text, Options options) {
    return pieces(List.of(text), options, WrittenText.AT_ONCE).getFirst().stream()
        .map(this::alignment)
        .toList();
  }

  private AttentionMap alignment(Piece piece) {
    Generated generated = piece.completion().generated();
    WrittenWords target = WrittenWords.of(writer.tokenizer().target(), generated.continuation());
    List<UnitGroup> written =
        IntStream.range(0, target.words().size())
            .mapToObj(
                i -> new UnitGroup(Unit.place(target.words().get(i), i), target.tokens().get(i)))
            .toList();
    int[] read = piece.source().ids();
    Tokenizer tokenizer = writer.tokenizer();
    return ReadAttention.of(writer, read, generated)
        .given()
        .map(
            ReadAttention.units(tokenizer.target(), generated.continuation()),
            ReadAttention.units(tokenizer, read))
        .grouped(written, source(piece));
  }

  /** The words of a source without what the model was told before it. */
  private static List<UnitGroup> source(Piece piece) {
    Source read = piece.source();
    List<UnitGroup> words = new ArrayList<>();
    for (TextWord word : TextWord.of(read.encoding(), read.text(), "")) {
      if (word.start() >= piece.route().prefix().length()) {
        int from = read.shift() + word.firstToken();
        words.add(
            new UnitGroup(
                new Unit(
                    word.in(read.text(), ""), false, false, words.size(), word.start(), word.end()),
                IntStream.range(from, from + word.tokens()).boxed().toList()));
      }
    }
    return words;
  }

  /**
   * How the words of a given translation attend to those of its source, in every head.
   *
   * @param translation that the model is made to write
   * @param later by how many places a token is looked for later than where it is written: 0, or 1
   *     for where it is read
   * @throws IllegalArgumentException for a text that is empty or longer than the model reads
   */
  public WordAttention attention(String text, String translation, Options options, int later) {
    LanguageRoute route = languages.route(options.from(), options.to());
    Source read = read(route, text);
    if (read.ids().length > longest) {
      throw new IllegalArgumentException(
          "align: expected a text of at most " + longest + " tokens, got " + read.ids().length);
    }
    ForcedText forced =
        ForcedText.of(
            translation, writer.tokenizer(), languages.config().json(), Integer.MAX_VALUE);
    List<List<Integer>> target =
        WordAttention.ofUnits(WordAttention.words(translation), forced.units());
    List<List<Integer>> source =
        WordAttention.ofTokens(
            WordAttention.words(read.text()), read.encoding().tokens(), read.shift());
    try (TensorScope scope = TensorScope.inference()) {
      long[] ids = Arrays.stream(read.ids()).asLongStream().toArray();
      ModelInput input = ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length));
      List<double[][][]> layers = new ArrayList<>();
      for (Tensor layer : forced.attention(writer.model(), input)) {
        double[][][] heads = new double[Math.toIntExact(layer.size(1))][][];
        for (int head = 0; head < heads.length; head++) {
          double[][] rows = new double[forced.ids().length][];
          for (int row = 0; row < rows.length; row++) {
            rows[row] =
                layer.select(1, head).select(1, row).to(DType.F64).contiguous().toDoubleArray();
          }
          heads[head] = WordAttention.between(rows, target, source, later);
        }
        layers.add(heads);
      }
      return new WordAttention(layers.toArray(double[][][][]::new));
    }
  }

  /** The alignment of words, to be drawn. */
  public Evidence explain(String text, Options options) {
    List<AttentionMap> pieces = align(text, options);
    return new Evidence(
        String.join(
            " ",
            pieces.stream().flatMap(piece -> piece.queries().stream()).map(Unit::text).toList()),
        "Each word of the translation (rows) attends to words of the source (columns): the mean of"
            + " the cross-attention of all layers and heads.",
        pieces.stream().<Evidence.Part>map(piece -> Aligned.of("Alignment", piece)).toList());
  }

  @Override
  public void close() {
    writer.close();
  }
}
