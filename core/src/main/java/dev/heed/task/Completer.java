package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Word;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Completes programs: what follows a text, or what stands between two, where the vocabulary has
 * tokens for a missing middle (Bavarian et al., Efficient Training of Language Models to Fill in
 * the Middle, 2022).
 *
 * <p>Any number of threads may use it at once.
 */
public final class Completer implements AutoCloseable {
  private final TextGenerator writer;
  private final @Nullable MiddleTokens middle;

  private Completer(TextGenerator writer) {
    this.writer = writer;
    this.middle = MiddleTokens.of(writer.tokenizer());
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static Completer open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model that does not write on
   */
  public static Completer open(ModelFiles files, @Nullable DType dtype) {
    Task.COMPLETE.require(files);
    return new Completer(TextGenerator.open(files, dtype));
  }

  /** Whether the vocabulary has tokens for a missing middle. */
  public boolean fillsMiddle() {
    return middle != null;
  }

  /**
   * What follows a text.
   *
   * @param most tokens to write, or null for what the model's files say
   */
  public String complete(String before, @Nullable Integer most) {
    return complete(before, "", most);
  }

  /**
   * What stands between two texts.
   *
   * @param after empty for none
   * @param most tokens to write, or null for what the model's files say
   * @throws IllegalArgumentException for a text after it where the vocabulary has no tokens for a
   *     middle, and as {@link TextGenerator#stream(int[], SearchSettings)}
   */
  public String complete(String before, String after, @Nullable Integer most) {
    return write(prompt(before, after), most).text();
  }

  private Completion write(int[] prompt, @Nullable Integer most) {
    GenerationConfig config = writer.config().with("num_return_sequences", 1);
    if (middle != null) {
      List<Integer> ends = new ArrayList<>(config.tokens().eosTokenId());
      middle.ends().stream().filter(end -> !ends.contains(end)).forEach(ends::add);
      config = config.with("eos_token_id", ends);
    }
    return writer
        .generateTokens(List.of(prompt), WrittenText.settings(config, most))
        .getFirst()
        .getFirst();
  }

  private int[] prompt(String before, String after) {
    if (after.isEmpty()) {
      return writer.tokens(before);
    }
    if (middle == null) {
      throw new IllegalArgumentException(
          "complete: expected a vocabulary with tokens for a missing middle, such as <fim_prefix>,"
              + " got one without; complete without a text after it");
    }
    List<Integer> ids = new ArrayList<>();
    for (Token token : writer.tokenizer().encode(before).tokens()) {
      if (!token.special()) {
        break;
      }
      ids.add(token.id());
    }
    ids.addAll(middle.order(plain(before), plain(after)));
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private List<Integer> plain(String text) {
    return Arrays.stream(writer.templateTokens(text)).boxed().toList();
  }

  /** The words before the cursor that the completion attends to. */
  public Evidence explain(String before, String after, @Nullable Integer most) {
    int[] prompt = prompt(before, after);
    Completion completion = write(prompt, most);
    double[][] read = ReadAttention.of(writer, prompt, completion.generated()).given().rows();
    List<Evidence.Part> parts = new ArrayList<>();
    for (String text : after.isEmpty() ? List.of(before) : List.of(before, after)) {
      Encoding encoding = writer.tokenizer().encode(text, null, false);
      int start = place(prompt, encoding.ids());
      List<Word> words =
          TextWord.of(encoding, text, "").stream()
              .map(word -> new Word(word.in(text, ""), share(read, start, word)))
              .toList();
      parts.add(new Evidence.Marked(parts.isEmpty() ? "Before" : "After", words));
    }
    return new Evidence(
        completion.text().strip(),
        "How much of the completion's attention each word gets: the mean over all layers and"
            + " heads. The first token often gets much of it, whatever it is.",
        parts);
  }

  private static double share(double[][] read, int start, TextWord word) {
    return Arrays.stream(read)
        .mapToDouble(row ->
            IntStream.range(0, word.tokens())
                .mapToDouble(i -> row[start + word.firstToken() + i])
                .sum())
        .average()
        .orElse(0);
  }

  /** Where some tokens stand in a prompt. */
  private static int place(int[] prompt, long[] part) {
    return IntStream.rangeClosed(0, prompt.length - part.length)
        .filter(from -> IntStream.range(0, part.length).allMatch(i -> prompt[from + i] == part[i]))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "attention: expected a tokenizer that cuts a text alike in a prompt, got one"
                    + " that does not"));
  }

  @Override
  public void close() {
    writer.close();
  }
}
