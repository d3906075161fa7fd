package dev.heed.explain;

import dev.heed.attention.kernel.AttentionWeights;
import dev.heed.attention.kernel.WeightPooling;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.model.Model;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * A text of any length as a model read it, of whose exact attention weights any part is computed
 * when it is asked for.
 *
 * <p>The model runs by the fused kernel. What is kept of each layer are its queries, its keys and
 * the two numbers a row that turn scores into weights (Dao et al., FlashAttention, 2022, section
 * 3), never a matrix of all tokens by all tokens: 16,000 tokens of a layer of 12 heads of 32
 * numbers take 50 MB where the weights would take 12 GB.
 */
public final class LongReading implements AutoCloseable {
  private static final String PATTERN = ".pattern";

  private final String text;
  private final List<Unit> units;
  private final List<AttentionWeights> layers;

  private LongReading(String text, List<Unit> units, List<AttentionWeights> layers) {
    this.text = text;
    this.units = units;
    this.layers = layers;
  }

  /**
   * How many tokens of a text a model can be read with so: as many as it has positions for, and as
   * many as keep all queries and keys within so many bytes.
   *
   * @param capture of the model
   * @param bytes at most
   * @return from 1
   * @throws IllegalArgumentException for a model whose layers do something else than exact softmax
   *     attention by the fused kernel
   */
  public static int longest(AttentionCapture capture, long bytes) {
    try (LongReading one = read(capture, "", new long[1], List.of(), layer -> {})) {
      long each = one.layers.stream().mapToLong(LongReading::bytes).sum();
      return (int) Math.clamp(bytes / each, 1, capture.positions());
    }
  }

  private static long bytes(AttentionWeights layer) {
    return layer.queries().elements() * layer.queries().dtype().bytes()
        + layer.keys().elements() * layer.keys().dtype().bytes()
        + layer.normalisers().elements() * layer.normalisers().dtype().bytes();
  }

  /**
   * Reads a text.
   *
   * @param capture of the model, which may be closed before this
   * @param text of which as many words are read as the tokens hold
   * @param most tokens, at most {@link #longest}
   * @param progress is told how many layers are done; what it throws ends the reading
   * @return owned by the caller
   * @throws IllegalArgumentException as {@link #longest}
   */
  public static LongReading of(
      AttentionCapture capture, String text, int most, IntConsumer progress) {
    String beginning = capture.beginning(text, most);
    Encoding encoding = capture.tokenizer().encode(beginning);
    return read(capture, beginning, encoding.ids(), AttentionMap.units(encoding), progress);
  }

  private static LongReading read(
      AttentionCapture capture, String text, long[] ids, List<Unit> units, IntConsumer progress) {
    var shown = AttentionCapture.shown(capture.model());
    List<AttentionWeights> layers = new ArrayList<>();
    LongReading reading = new LongReading(text, List.copyOf(units), layers);
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.changing()) {
      trace.taking(
          AttentionWeights.class,
          (path, weights) -> {
            if (shown.test(path + PATTERN)) {
              requireReadable(capture.model(), path, weights);
              layers.add(kept(weights));
              progress.accept(layers.size());
            }
          });
      capture.model().apply(AttentionCapture.input(capture.model(), ids), trace);
      int expected = capture.layers().attending().size();
      if (layers.size() != expected) {
        throw new IllegalArgumentException(
            "long texts: expected "
                + expected
                + " layers of exact softmax attention, whose weights can be computed in parts, got "
                + layers.size());
      }
      return reading;
    } catch (RuntimeException | Error e) {
      reading.close();
      throw e;
    }
  }

  /** A bias that is made anew for each run is gone when its weights are read. */
  private static void requireReadable(Model model, String path, AttentionWeights weights) {
    ScoreModifier modifier = weights.spec().modifier();
    Set<Tensor> own = Collections.newSetFromMap(new IdentityHashMap<>());
    own.addAll(model.parameters().values());
    if (modifier != null && !own.containsAll(modifier.parameters())) {
      throw new IllegalArgumentException(
          "long texts: expected scores that follow from queries, keys and places, got a bias that"
              + " is computed for each run in "
              + path);
    }
  }

  private static AttentionWeights kept(AttentionWeights weights) {
    return new AttentionWeights(
        TensorScope.release(weights.queries().alias()),
        TensorScope.release(weights.keys().alias()),
        TensorScope.release(weights.normalisers().alias()),
        weights.spec(),
        weights.changes());
  }

  /** As much of the text as was read. */
  public String text() {
    return text;
  }

  /** Its tokens. */
  public List<Unit> units() {
    return units;
  }

  /** How many layers attend. */
  public int layers() {
    return layers.size();
  }

  /** How many heads each layer has. */
  public int heads() {
    return Math.toIntExact(layers.getFirst().queries().size(1));
  }

  /**
   * A rectangle of one head's map, whole or smaller: one number for each block of tokens.
   *
   * @param layer from 0, of those that attend
   * @param head from 0
   * @param rows which tokens attend
   * @param keys which are attended to
   * @param block how many tokens' rows and keys one number stands for; 1 for every weight
   * @param pooling what stands for a block
   * @return f32 {@code [⌈rows / block⌉, ⌈keys / block⌉]}, owned by the current scope
   * @throws IllegalArgumentException for a layer or head that there is not
   * @throws dev.heed.tensor.TensorException for tokens that there are not
   */
  public Tensor map(int layer, int head, Span rows, Span keys, int block, WeightPooling pooling) {
    AttentionWeights weights = layer(layer, head);
    int before = before(weights);
    return weights.pooled(
        0,
        head,
        rows.from(),
        rows.end(),
        before + keys.from(),
        before + keys.end(),
        block,
        pooling);
  }

  /**
   * Neighbouring tokens.
   *
   * @param from the first
   * @param end one past the last
   */
  public record Span(int from, int end) {}

  /**
   * The exact weights of one token, {@code [tokens]}.
   *
   * @param layer from 0, of those that attend
   * @param head from 0
   * @param query the token that attends
   * @throws IllegalArgumentException for a layer, head or token that there is not
   */
  public float[] row(int layer, int head, int query) {
    AttentionMap.require("query", query, units.size());
    AttentionWeights weights = layer(layer, head);
    try (TensorScope scope = TensorScope.inference()) {
      Tensor row = weights.rows(0, head, query);
      return row.narrow(1, before(weights), units.size()).contiguous().toFloatArray();
    }
  }

  private AttentionWeights layer(int layer, int head) {
    AttentionMap.require("layer", layer, layers());
    AttentionMap.require("head", head, heads());
    return layers.get(layer);
  }

  /** Keys that stand in front of the text's, such as a sink. */
  private static int before(AttentionWeights weights) {
    return Math.toIntExact(weights.keys().size(2) - weights.queries().size(2));
  }

  @Override
  public void close() {
    for (AttentionWeights layer : layers) {
      layer.queries().close();
      layer.keys().close();
      layer.normalisers().close();
    }
  }
}
