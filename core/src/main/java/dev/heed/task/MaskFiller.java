package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Guesses the words that mask tokens hide, each by itself: {@code softmax(logits)} over the
 * vocabulary (Devlin et al. 2019, section 3.1).
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class MaskFiller implements AutoCloseable {
  private final TextModel model;
  private final int mask;

  private MaskFiller(TextModel model, int mask) {
    this.model = model;
    this.mask = mask;
  }

  /**
   * A guess.
   *
   * @param word as it would be written
   * @param token its number
   * @param probability of this token in this place
   */
  public record Guess(String word, int token, double probability) {}

  /**
   * A mask.
   *
   * @param start its first character in the text
   * @param guesses best first
   */
  public record Hole(int start, List<Guess> guesses) {
    /** Copies the list. */
    public Hole {
      guesses = List.copyOf(guesses);
    }
  }

  /**
   * A text with its masks.
   *
   * @param holes from left to right
   * @param text with the best guess in each place
   */
  public record Filled(List<Hole> holes, String text) {
    /** Copies the list. */
    public Filled {
      holes = List.copyOf(holes);
    }
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static MaskFiller open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model without a head for hidden words
   * @throws IllegalArgumentException for a tokenizer without a mask token
   */
  public static MaskFiller open(ModelFiles files, @Nullable DType dtype) {
    TextModel model = TextModel.open(files, dtype, Task.FILL);
    if (model.mask().isEmpty()) {
      model.close();
      throw new IllegalArgumentException(
          files.describe() + ": expected a tokenizer with a mask token, got one without");
    }
    return new MaskFiller(model, model.mask().getAsInt());
  }

  /** How a hidden word is written in a text, for example {@code [MASK]}. */
  public String mask() {
    return model.tokenizer().token(mask).orElseThrow();
  }

  /** The guesses for every mask of a text; see {@link #fill(List, int)}. */
  public Filled fill(String text, int most) {
    return fill(List.of(text), most).getFirst();
  }

  /**
   * The guesses for every mask of texts.
   *
   * @param most guesses for each mask, from 1
   * @throws IllegalArgumentException for a text without a mask, or one that is longer than the
   *     model reads
   */
  public List<Filled> fill(List<String> texts, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("fill: expected 1 guess or more, got " + most);
    }
    List<Encoding> encoded = texts.stream().map(this::encode).toList();
    Map<Encoding, String> given = new IdentityHashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      given.put(encoded.get(i), texts.get(i));
    }
    List<List<Hole>> holes =
        model.read(
            encoded,
            (output, row, text) -> {
              String own = Objects.requireNonNull(given.get(text));
              return places(text)
                  .mapToObj(place -> hole(output, row, own, text, place, most))
                  .toList();
            });
    return IntStream.range(0, texts.size())
        .mapToObj(i -> filled(texts.get(i), encoded.get(i), holes.get(i)))
        .toList();
  }

  private Encoding encode(String text) {
    Encoding encoding = model.tokenizer().encode(text);
    if (encoding.size() > model.longest()) {
      throw new IllegalArgumentException(
          "text: expected at most "
              + model.longest()
              + " tokens, got "
              + encoding.size()
              + "; keep what stands around "
              + mask());
    }
    if (places(encoding).findAny().isEmpty()) {
      throw new IllegalArgumentException(
          "text: expected " + mask() + " where a word is hidden, got none");
    }
    return encoding;
  }

  private IntStream places(Encoding text) {
    return IntStream.range(0, text.size())
        .filter(i -> text.tokens().get(i).id() == mask && !text.tokens().get(i).special());
  }

  /** Where a mask begins: the white space that some vocabularies count to it stays. */
  private static int start(String text, Token mask) {
    int start = mask.start();
    while (start < mask.end() && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    return start;
  }

  private Hole hole(ModelOutput output, int row, String given, Encoding text, int place, int most) {
    double[] probabilities = Probabilities.softmax(scores(output, row, place));
    List<Guess> guesses =
        Arrays.stream(Probabilities.order(probabilities))
            .filter(token -> model.tokenizer().token(token).isPresent())
            .limit(most)
            .mapToObj(token -> new Guess(word(token), token, probabilities[token]))
            .toList();
    return new Hole(start(given, text.tokens().get(place)), guesses);
  }

  /** Models that were trained for two tasks give two kinds of scores. */
  static double[] scores(ModelOutput output, int row, int place) {
    Tensor both = output.get("prediction_logits");
    return TextModel.row((both == null ? output.logits() : both).select(0, row), place);
  }

  private String word(int token) {
    return model.tokenizer().decode(new long[] {token}, true).strip();
  }

  private Filled filled(String text, Encoding encoding, List<Hole> holes) {
    StringBuilder whole = new StringBuilder();
    int from = 0;
    int next = 0;
    for (int place : places(encoding).toArray()) {
      Token token = encoding.tokens().get(place);
      whole.append(text, from, start(text, token));
      whole.append(holes.get(next++).guesses().getFirst().word());
      from = token.end();
    }
    return new Filled(holes, whole.append(text.substring(from)).toString());
  }

  /** The words that the best guesses stand on: a part for each mask. */
  public Evidence explain(String text) {
    Encoding whole = encode(text);
    Filled filled = fill(text, 1);
    List<Evidence.Part> parts = new ArrayList<>();
    int[] places = places(whole).toArray();
    for (int i = 0; i < places.length; i++) {
      Guess guess = filled.holes().get(i).guesses().getFirst();
      int place = places[i];
      parts.add(
          new Evidence.Marked(
              String.format(Locale.ROOT, "%s %.3f", guess.word(), guess.probability()),
              DecidingWords.of(
                  whole,
                  text,
                  "",
                  model.mask(),
                  variants ->
                      model
                          .read(
                              variants,
                              (output, row, variant) ->
                                  Probabilities.softmax(scores(output, row, place))[guess.token()])
                          .stream()
                          .mapToDouble(Double::doubleValue)
                          .toArray())));
    }
    return new Evidence(
        filled.text(),
        "How much the guess's probability falls where a word is hidden: strong colours decided.",
        parts);
  }

  @Override
  public void close() {
    model.close();
  }
}
