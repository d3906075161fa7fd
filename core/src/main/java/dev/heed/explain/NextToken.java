package dev.heed.explain;

import dev.heed.attention.DecodeState;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a decoder computes for the token after a text: its candidates, what it would say after each
 * layer, what each head looks back at, and what it keeps of the text.
 *
 * <p>Computed as decoding computes it: the last token alone, after a {@link DecodeState} of those
 * before.
 *
 * @param candidates the likeliest tokens, the first first
 * @param lens before each layer, then after the last ({@link LogitLens}); empty for a model without
 *     a residual stream
 * @param looks {@code [layer][head][token]}: the last token's weights, layers that attend only; a
 *     token that a layer has forgotten has weight 0
 * @param cache what each module keeps
 */
public record NextToken(
    List<Candidate> candidates, List<Layer> lens, float[][][] looks, List<Kept> cache) {
  private static final String BEFORE = ".resid_pre";
  private static final String AFTER = ".resid_post";

  /**
   * A token that may come.
   *
   * @param id its number
   * @param probability after the softmax, at temperature 1
   */
  public record Candidate(int id, double probability) {}

  /**
   * The next token by the stream at one depth.
   *
   * @param candidates the likeliest tokens here
   * @param probability here, of the token that the whole model puts first
   * @param rank how many tokens lie above that one here
   * @param divergence {@code KL(final | here)} in nats
   */
  public record Layer(
      List<Candidate> candidates, double probability, long rank, double divergence) {
    /** Copies the list. */
    public Layer {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * What a module keeps for later tokens.
   *
   * @param name of the module
   * @param taken how many tokens it has seen; 0 for a state of fixed size
   * @param kept of how many it still has keys and values; 0 for a state of fixed size
   * @param bytes of them
   */
  public record Kept(String name, long taken, long kept, long bytes) {}

  /** Copies the lists. */
  public NextToken {
    candidates = List.copyOf(candidates);
    lens = List.copyOf(lens);
    cache = List.copyOf(cache);
  }

  /**
   * Runs a decoder.
   *
   * @param model with a head that scores tokens
   * @param ids of the text, one or more
   * @param most how many candidates are told, at each depth too
   * @throws IllegalArgumentException for a model that is no decoder or scores no tokens, and for no
   *     token
   */
  public static NextToken after(Model model, long[] ids, int most) {
    if (model.kind() != ModelKind.DECODER || ids.length == 0) {
      throw new IllegalArgumentException(
          "next token: expected a decoder and a token or more, got "
              + model.kind()
              + " and "
              + ids.length
              + " tokens");
    }
    int past = ids.length - 1;
    try (TensorScope scope = TensorScope.inference();
        DecodeState before = new DecodeState();
        DecodeState state = read(model, Arrays.copyOf(ids, past), before).copy();
        Trace trace =
            Trace.record(point ->
                AttentionMap.needs(point) || point.endsWith(BEFORE) || point.endsWith(AFTER))) {
      ModelInput last = input(new long[] {ids[past]});
      Tensor logits = logits(model, last, state, trace);
      return new NextToken(
          candidates(logits.softmax(-1), most),
          lens(model, last, before, trace, most),
          looks(trace, ids.length),
          kept(state));
    }
  }

  private static DecodeState read(Model model, long[] ids, DecodeState state) {
    if (ids.length > 0) {
      model.apply(input(ids).with(state));
    }
    return state;
  }

  private static ModelInput input(long[] ids) {
    return ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length));
  }

  /** One token's scores {@code [1, 1, vocabulary]}. */
  private static Tensor logits(Model model, ModelInput last, DecodeState state, Trace trace) {
    Tensor logits = model.apply(last.with(state), trace).get("logits");
    if (logits == null || logits.rank() != 3) {
      throw new IllegalArgumentException(
          "next token: expected a model that scores tokens, got one with another head");
    }
    return logits.to(DType.F64);
  }

  private static List<Layer> lens(
      Model model, ModelInput last, DecodeState before, Trace run, int most) {
    List<String> points = points(run, BEFORE);
    List<String> ends = points(run, AFTER);
    if (points.isEmpty() || ends.isEmpty()) {
      return List.of();
    }
    LogitLens lens =
        LogitLens.of(
            points,
            ends.getLast(),
            trace -> {
              try (DecodeState state = before.copy()) {
                return logits(model, last, state, trace);
              }
            });
    double[] ranks = lens.rankOfFinal().to(DType.F64).toDoubleArray();
    double[] logs = lens.logProbabilityOfFinal().toDoubleArray();
    double[] divergences = lens.divergenceFromFinal().toDoubleArray();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < ranks.length; i++) {
      layers.add(
          new Layer(
              candidates(lens.logits().select(0, i).softmax(-1), most),
              Math.exp(logs[i]),
              (long) ranks[i],
              divergences[i]));
    }
    return layers;
  }

  private static List<String> points(Trace trace, String end) {
    return trace.values().keySet().stream().filter(point -> point.endsWith(end)).toList();
  }

  private static List<Candidate> candidates(Tensor probabilities, int most) {
    long count = Math.min(most, probabilities.size(-1));
    Tensor.Ranked top = probabilities.flatten(0, -1).topk(count, 0);
    double[] values = top.values().toDoubleArray();
    long[] ids = top.indices().toLongArray();
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      all.add(new Candidate(Math.toIntExact(ids[i]), values[i]));
    }
    return all;
  }

  private static float[][][] looks(Trace trace, int tokens) {
    return trace.values().entrySet().stream()
        .filter(point -> AttentionMap.needs(point.getKey()) && point.getValue().rank() == 4)
        .map(point -> heads(point.getValue(), tokens))
        .toArray(float[][][]::new);
  }

  /** {@code [1, H, 1, Tk]}, of which the last are of the text, to {@code [H][tokens]}. */
  private static float[][] heads(Tensor pattern, int tokens) {
    int heads = Math.toIntExact(pattern.size(1));
    int keys = Math.toIntExact(pattern.size(3));
    float[] all = pattern.to(DType.F32).contiguous().toFloatArray();
    float[][] rows = new float[heads][tokens];
    int shown = Math.min(keys, tokens);
    for (int head = 0; head < heads; head++) {
      System.arraycopy(all, (head + 1) * keys - shown, rows[head], tokens - shown, shown);
    }
    return rows;
  }

  private static List<Kept> kept(DecodeState state) {
    List<Kept> all = new ArrayList<>();
    state
        .allKeys()
        .forEach((name, keys) -> {
          DecodeState.Entry entry = keys.entry();
          all.add(
              new Kept(
                  name, keys.length(), keys.kept(), bytes(entry.keys()) + bytes(entry.values())));
        });
    for (Map.Entry<String, Tensor> fixed : state.states().entrySet()) {
      all.add(new Kept(fixed.getKey(), 0, 0, bytes(fixed.getValue())));
    }
    return all;
  }

  private static long bytes(Tensor tensor) {
    return tensor.elements() * tensor.dtype().bytes();
  }
}
