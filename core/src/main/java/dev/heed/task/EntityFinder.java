package dev.heed.task;

import dev.heed.evaluate.EntitySpan;
import dev.heed.evaluate.TagScheme;
import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Word;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds named entities: the spans that tags as {@code B-PER}, {@code I-PER} mark.
 *
 * <p>Tags of all usual schemes are read: IOB, IOBES and BILOU (Ratinov and Roth, CoNLL 2009), and
 * those without a prefix. A text longer than the model is read in windows that overlap, each token
 * from the one in which it has most context.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class EntityFinder implements AutoCloseable {
  private static final String OUTSIDE = "O";
  private static final int MOST_EXPLAINED = 5;

  private final TextModel model;
  private final TokenTags tags;

  private EntityFinder(TextModel model) {
    this.model = model;
    this.tags = new TokenTags(model.config().labels());
  }

  /** Which tag a word of several tokens has. */
  public enum Aggregation {
    /** Tokens are not joined: each is reported with its whole tag. */
    NONE,
    /** Tokens are joined by their tags, whatever words they belong to. */
    SIMPLE,
    /** That of its first token. */
    FIRST,
    /**
     * That of its first token, where what dots, hyphens and ampersands hold together is one word,
     * as data sets have it: U.K., AT&amp;T.
     */
    HELD,
    /** The best of the tokens' mean probabilities. */
    AVERAGE,
    /** That of its surest token. */
    MAX
  }

  /**
   * An entity.
   *
   * @param type for example {@code PER}
   * @param text what stands in the text
   * @param start its first character
   * @param end one past its last
   * @param firstWord its first word, from 0, as the tokenizer cuts words
   * @param lastWord its last word
   * @param score the mean probability of its tags
   */
  public record Entity(
      String type, String text, int start, int end, int firstWord, int lastWord, double score) {}

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static EntityFinder open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model without a head for tokens
   */
  public static EntityFinder open(ModelFiles files, @Nullable DType dtype) {
    return new EntityFinder(TextModel.open(files, dtype, Task.ENTITIES));
  }

  /** The entities of a text, in order; a word has the tag of its first token. */
  public List<Entity> find(String text) {
    return find(text, Aggregation.FIRST);
  }

  /** The entities of a text, in order. */
  public List<Entity> find(String text, Aggregation aggregation) {
    return find(List.of(text), aggregation).getFirst();
  }

  /** The entities of each text, in order. */
  public List<List<Entity>> find(List<String> texts, Aggregation aggregation) {
    List<Encoding> encoded = texts.stream().map(text -> model.tokenizer().encode(text)).toList();
    List<double[][]> probabilities = probabilities(encoded);
    return IntStream.range(0, texts.size())
        .mapToObj(i -> entities(texts.get(i), encoded.get(i), probabilities.get(i), aggregation))
        .toList();
  }

  /**
   * The tag of each word of a text that is cut into words already.
   *
   * @param words as a data set has them, none blank
   * @return as many tags, as the model spells them
   */
  public List<String> tag(List<String> words) {
    String text = String.join(" ", words);
    Encoding encoding = model.tokenizer().encode(text);
    double[][] probabilities = probabilities(List.of(encoding)).getFirst();
    List<String> found = new ArrayList<>(Collections.nCopies(words.size(), OUTSIDE));
    int[] starts = new int[words.size() + 1];
    for (int w = 0; w < words.size(); w++) {
      starts[w + 1] = starts[w] + words.get(w).length() + 1;
    }
    int seen = -1;
    for (TextWord token : tokens(encoding, text)) {
      int at = token.start();
      int word = Arrays.binarySearch(starts, at);
      word = word >= 0 ? word : -word - 2;
      if (word > seen && word < words.size()) {
        seen = word;
        found.set(word, tags.label(Probabilities.order(probabilities[token.firstToken()])[0]));
      }
    }
    return found;
  }

  /** For each token of each text the probabilities of the tags. */
  private List<double[][]> probabilities(List<Encoding> texts) {
    List<ReadingWindows> windows =
        texts.stream().map(text -> ReadingWindows.of(text, model.longest())).toList();
    List<Encoding> parts = windows.stream().flatMap(each -> each.parts().stream()).toList();
    List<double[][]> read =
        model.read(
            parts,
            (output, row, part) -> {
              double[] flat = TextModel.row(output.logits(), row);
              int classes = tags.size();
              return IntStream.range(0, part.size())
                  .mapToObj(i ->
                      Probabilities.softmax(
                          Arrays.copyOfRange(flat, i * classes, (i + 1) * classes)))
                  .toArray(double[][]::new);
            });
    List<double[][]> all = new ArrayList<>();
    int next = 0;
    for (ReadingWindows each : windows) {
      double[][] tokens = new double[each.whole().size()][];
      for (int part = 0; part < each.parts().size(); part++) {
        double[][] values = read.get(next++);
        int[] places = each.places().get(part);
        for (int i = 0; i < places.length; i++) {
          if (each.best()[places[i]] == part || tokens[places[i]] == null) {
            tokens[places[i]] = values[i];
          }
        }
      }
      all.add(tokens);
    }
    return all;
  }

  private List<Entity> entities(
      String text, Encoding encoding, double[][] probabilities, Aggregation aggregation) {
    List<TextWord> words = TextWord.of(encoding, text, "");
    boolean joins = aggregation != Aggregation.NONE && aggregation != Aggregation.SIMPLE;
    List<TextWord> units =
        aggregation == Aggregation.HELD
            ? HeldWords.of(words, text)
            : joins ? words : tokens(encoding, text);
    int[] chosen = new int[units.size()];
    double[] scores = new double[units.size()];
    for (int u = 0; u < units.size(); u++) {
      double[] shares = shares(units.get(u), probabilities, aggregation);
      chosen[u] = Probabilities.order(shares)[0];
      scores[u] = shares[chosen[u]];
    }
    List<EntitySpan> spans =
        aggregation == Aggregation.NONE ? tags.each(chosen) : tags.spans(chosen);
    return spans.stream()
        .map(span -> {
          TextWord first = units.get(span.start());
          TextWord last = units.get(span.end());
          return new Entity(
              span.type(),
              text.substring(first.start(), last.end()),
              first.start(),
              last.end(),
              word(words, first.firstToken()),
              word(words, last.firstToken() + last.tokens() - 1),
              Arrays.stream(scores, span.start(), span.end() + 1).average().orElse(0));
        })
        .toList();
  }

  /** Each token as a word of its own. */
  private static List<TextWord> tokens(Encoding encoding, String text) {
    return TextWord.of(encoding, text, "").stream()
        .flatMap(word ->
            IntStream.range(word.firstToken(), word.firstToken() + word.tokens())
                .mapToObj(i -> {
                  int from = Math.max(word.start(), encoding.tokens().get(i).start());
                  int to = Math.max(from, encoding.tokens().get(i).end());
                  return new TextWord(0, from, to, i, 1);
                }))
        .toList();
  }

  private static double[] shares(TextWord unit, double[][] probabilities, Aggregation aggregation) {
    double[][] own =
        Arrays.copyOfRange(probabilities, unit.firstToken(), unit.firstToken() + unit.tokens());
    return switch (aggregation) {
      case NONE, SIMPLE, FIRST, HELD -> own[0];
      case MAX -> Arrays.stream(own).max((a, b) -> Double.compare(most(a), most(b))).orElseThrow();
      case AVERAGE ->
          IntStream.range(0, own[0].length)
              .mapToDouble(
                  tag -> Arrays.stream(own).mapToDouble(token -> token[tag]).average().orElse(0))
              .toArray();
    };
  }

  private static double most(double[] shares) {
    return Arrays.stream(shares).max().orElse(0);
  }

  private static int word(List<TextWord> words, int token) {
    return IntStream.range(0, words.size())
        .filter(w ->
            token >= words.get(w).firstToken()
                && token < words.get(w).firstToken() + words.get(w).tokens())
        .findFirst()
        .orElseThrow();
  }

  /**
   * The entities within their text, and for the first ones of a text that the model reads at once
   * the words they stand on: how far the probability of their tags falls without each.
   */
  public Evidence explain(String text, Aggregation aggregation) {
    List<Entity> found = find(text, aggregation);
    Encoding whole = model.tokenizer().encode(text);
    List<TextWord> words = TextWord.of(whole, text, "");
    List<Evidence.Part> parts = new ArrayList<>();
    parts.add(new Evidence.Marked("Entities", marked(text, words, found)));
    if (whole.size() <= model.longest() && model.mask().isPresent()) {
      for (Entity entity : found.subList(0, Math.min(MOST_EXPLAINED, found.size()))) {
        TextWord first = words.get(entity.firstWord());
        int place = first.firstToken();
        int tag = Probabilities.order(probabilities(List.of(whole)).getFirst()[place])[0];
        parts.add(
            new Evidence.Marked(
                String.format(
                    Locale.ROOT, "Words for and against %s: %s", tags.label(tag), entity.text()),
                DecidingWords.of(
                    whole,
                    text,
                    "",
                    model.mask(),
                    variants ->
                        probabilities(variants).stream()
                            .mapToDouble(each -> each[place][tag])
                            .toArray())));
      }
    }
    String title = found.stream().map(Entity::text).distinct().collect(Collectors.joining(", "));
    return new Evidence(
        title.isEmpty() ? "no entity" : title,
        "How much a tag's probability falls where a word is hidden: strong colours decided.",
        parts);
  }

  private static List<Word> marked(String text, List<TextWord> words, List<Entity> found) {
    List<Word> shown = new ArrayList<>();
    for (int w = 0; w < words.size(); w++) {
      int here = w;
      Entity entity =
          found.stream()
              .filter(each -> each.firstWord() <= here && here <= each.lastWord())
              .findFirst()
              .orElse(null);
      boolean ends = entity != null && entity.lastWord() == w;
      shown.add(
          new Word(
              words.get(w).in(text, ""),
              entity == null ? 0 : entity.score(),
              ends ? Objects.requireNonNull(entity).type() : "",
              false));
    }
    return shown;
  }

  @Override
  public void close() {
    model.close();
  }

  /**
   * The tags of a model.
   *
   * @param labels by number
   */
  private record TokenTags(List<String> labels) {
    private static final String PREFIXES = "BIESLUMW";
    private static final String READ_AS = "BIESESIS";

    int size() {
      return labels.size();
    }

    String label(int number) {
      return labels.get(number);
    }

    List<EntitySpan> spans(int[] chosen) {
      return TagScheme.LENIENT.entities(
          Arrays.stream(chosen).mapToObj(tag -> uniform(labels.get(tag))).toList());
    }

    /** Each tag that is not outside, by itself. */
    List<EntitySpan> each(int[] chosen) {
      return IntStream.range(0, chosen.length)
          .filter(i -> !labels.get(chosen[i]).equals(OUTSIDE))
          .mapToObj(i -> new EntitySpan(labels.get(chosen[i]), i, i))
          .toList();
    }

    /** The same in IOBES; a tag without a prefix is inside. */
    private static String uniform(String label) {
      if (label.equals(OUTSIDE)) {
        return label;
      }
      boolean prefixed = label.length() > 2 && (label.charAt(1) == '-' || label.charAt(1) == '_');
      int prefix = prefixed ? PREFIXES.indexOf(label.charAt(0)) : -1;
      return prefix < 0 ? "I-" + label : READ_AS.charAt(prefix) + "-" + label.substring(2);
    }
  }
}
