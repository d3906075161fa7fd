package dev.heed.explain;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Measures whether maps over a text are to be believed.
 *
 * <p>What is explained is what the model gives: a classifier its class, a decoder with its head the
 * next token, any other model the word's last vector. The score whose gradients are taken is the
 * logit of the predicted class or token, or how far the word's vector goes from what it is without
 * the other words.
 */
public final class MapChecker implements AutoCloseable {
  /** An outcome that moves by no more is called the same. */
  public static final double ALIKE = 0.01;

  /** The longest text, in tokens, that flow is computed for. */
  public static final int LONGEST_FLOW = 128;

  /**
   * Which map is checked.
   *
   * @param text at most as long as the capture reads
   * @param pieces whether units are tokens, not words
   * @param layer from 0; only {@link MapMethod#RAW} reads it
   * @param head from 0; only {@link MapMethod#RAW} reads it
   * @param unit the word or token that attends, from 0
   */
  public record Question(
      String text, boolean pieces, MapMethod method, int layer, int head, int unit) {}

  /** Is told how far a check is; what it throws ends the check. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Some runs of the model are done.
     *
     * @param done how many
     * @param of how many there will be
     */
    void at(int done, int of);
  }

  /** How vocabularies spell the mask where no file names it. */
  private static final List<String> MASKS = List.of("[MASK]", "<mask>");

  private final AttentionCapture capture;
  private final Model model;
  private final List<String> points;

  private MapChecker(AttentionCapture capture, Model model) {
    this.capture = capture;
    this.model = model;
    Predicate<String> maps = AttentionCapture.shown(model);
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(maps)) {
      model.apply(AttentionCapture.input(model, Tensor.of(new long[1], 1, 1)), trace);
      points = List.copyOf(trace.values().keySet());
    }
  }

  /**
   * For a model whose attention is read. Of a classifier, and of a decoder, the model is loaded
   * once more, with its head.
   *
   * @param capture stays the caller's, and open as long as this
   * @param files of the same model
   * @return owned by the caller
   * @throws CheckpointException for a head that cannot be loaded
   */
  public static MapChecker of(AttentionCapture capture, ModelFiles files) {
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    String architecture = ModelFamilies.of(config).architecture();
    boolean headed =
        architecture.endsWith("ForSequenceClassification")
            || architecture.endsWith("ForCausalLM")
            || architecture.endsWith("LMHeadModel");
    Model model = headed ? ModelLoader.of(files).load() : capture.model();
    try {
      return new MapChecker(capture, model);
    } catch (RuntimeException e) {
      if (headed) {
        model.close();
      }
      throw e;
    }
  }

  /**
   * Computes a map's row and measures it.
   *
   * @return the row and what was found
   * @throws IllegalArgumentException for a layer, head or unit that there is not, and for flow over
   *     more than {@value #LONGEST_FLOW} tokens
   * @throws dev.heed.tensor.ShapeException for a text that is too long
   */
  public MapCheck check(Question question, Progress progress) {
    Encoding encoding = capture.checked(question.text());
    List<AttentionMap.Unit> tokens = AttentionMap.units(encoding);
    List<UnitGroup> groups =
        question.pieces() ? UnitGroup.each(tokens) : UnitGroup.words(question.text(), tokens);
    return check(question, encoding.ids(), groups, progress);
  }

  /**
   * The same for the last of some tokens, which are no text of their own.
   *
   * @param ids of the tokens, at most {@link AttentionCapture#longest}
   * @param layer from 0
   * @param head from 0
   * @return what was found of that head's row
   * @throws IllegalArgumentException for no token, too many, and for a token, layer or head that
   *     there is not
   */
  public MapCheck checkLast(long[] ids, int layer, int head, Progress progress) {
    if (ids.length < 1 || ids.length > capture.longest()) {
      throw new IllegalArgumentException(
          "ids: expected 1 to " + capture.longest() + " tokens, got " + ids.length);
    }
    List<AttentionMap.Unit> tokens = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      AttentionMap.require("ids", Math.toIntExact(ids[i]), capture.tokenizer().vocabularySize());
      boolean special = capture.tokenizer().isSpecial(Math.toIntExact(ids[i]));
      tokens.add(new AttentionMap.Unit("#" + ids[i], special, false, i, i, i + 1));
    }
    Question question = new Question("", true, MapMethod.RAW, layer, head, ids.length - 1);
    return check(question, ids, UnitGroup.each(tokens), progress);
  }

  private MapCheck check(Question question, long[] ids, List<UnitGroup> groups, Progress progress) {
    AttentionMap.require("word", question.unit(), groups.size());
    AttentionMap.require("layer", question.layer(), points.size());
    if (question.method() == MapMethod.FLOW && ids.length > LONGEST_FLOW) {
      throw new IllegalArgumentException(
          "flow: expected at most "
              + LONGEST_FLOW
              + " tokens, got "
              + ids.length
              + "; choose another method, or a shorter text");
    }
    List<Integer> candidates = new ArrayList<>();
    int visible = model.kind() == ModelKind.DECODER ? question.unit() + 1 : groups.size();
    for (int unit = 0; unit < visible; unit++) {
      if (unit != question.unit() && !groups.get(unit).unit().special()) {
        candidates.add(unit);
      }
    }
    return new MapCheckRun(
            new OutcomeModel(model, null),
            points,
            question,
            ids,
            groups,
            visible,
            candidates,
            mask(capture.tokenizer()),
            progress)
        .check();
  }

  /** The token that stands for what is taken away, if there is one. */
  static OptionalInt mask(Tokenizer tokenizer) {
    OptionalInt named = tokenizer.id(TokenRole.MASK);
    return named.isPresent()
        ? named
        : MASKS.stream()
            .map(tokenizer::id)
            .filter(OptionalInt::isPresent)
            .findFirst()
            .orElse(OptionalInt.empty());
  }

  @Override
  public void close() {
    if (model != capture.model()) {
      model.close();
    }
  }
}
