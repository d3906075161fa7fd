package dev.heed.explain;

import dev.heed.attention.StatefulMixer;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One layer's map in a run of any model, whatever it attends from and to: tokens to tokens, a
 * decoder's to an encoder's, places of a window, frames, variables of a series.
 *
 * @param name of the attention in the model, for example {@code decoder.layers.0.encoder_attn}
 * @param derived whether it is what a layer without attention amounts to, which is no softmax
 * @param weights {@code [head][query][key]} of the run's first sequence, or first window
 */
public record TracedMap(String name, boolean derived, float[][][] weights) {
  private static final String PATTERN = ".pattern";
  private static final String DERIVED = "." + StatefulMixer.EFFECTIVE_MAP;
  private static final String LAYER_END = ".resid_post";
  private static final Pattern NUMBER = Pattern.compile("(?<=^|\\.)(\\d+)(?=\\.|$)");

  /** Whether a trace point holds what {@link #of} and {@link #without} read. */
  public static boolean needs(String point) {
    return point.endsWith(PATTERN) || point.endsWith(DERIVED) || point.endsWith(LAYER_END);
  }

  /** All maps that a run left in a trace, in its order. */
  public static List<TracedMap> of(Trace trace) {
    List<TracedMap> maps = new ArrayList<>();
    for (Map.Entry<String, Tensor> point : trace.values().entrySet()) {
      boolean derived = point.getKey().endsWith(DERIVED);
      if ((derived || point.getKey().endsWith(PATTERN)) && point.getValue().rank() >= 3) {
        String end = derived ? DERIVED : PATTERN;
        String name = point.getKey().substring(0, point.getKey().length() - end.length());
        maps.add(new TracedMap(name, derived, heads(point.getValue())));
      }
    }
    return maps;
  }

  /** {@code [..., H, Tq, Tk]}, of which the first of all leading axes is read. */
  private static float[][][] heads(Tensor weights) {
    Tensor first = weights;
    while (first.rank() > 3) {
      first = first.select(0, 0);
    }
    Tensor plain = first.detach().to(DType.F32).contiguous();
    int queries = Math.toIntExact(plain.size(1));
    float[][][] heads = new float[Math.toIntExact(plain.size(0))][queries][];
    for (int head = 0; head < heads.length; head++) {
      for (int query = 0; query < queries; query++) {
        heads[head][query] = plain.select(0, head).select(0, query).toFloatArray();
      }
    }
    return heads;
  }

  /**
   * The names of the layers that left no map of their own: those without attention whose reading
   * cannot be written down either.
   */
  public static List<String> without(Trace trace) {
    return trace.values().keySet().stream()
        .filter(point -> point.endsWith(LAYER_END))
        .map(point -> point.substring(0, point.length() - LAYER_END.length()))
        .filter(layer ->
            trace.values().keySet().stream()
                .noneMatch(point ->
                    point.startsWith(layer + ".")
                        && (point.endsWith(PATTERN) || point.endsWith(DERIVED))))
        .toList();
  }

  /** The name without numbers: what maps of the same kind in other layers share. */
  public String kind() {
    return NUMBER.matcher(name).replaceAll("N");
  }

  /** How many heads there are. */
  public int heads() {
    return weights.length;
  }

  /** How many queries there are. */
  public int queries() {
    return weights[0].length;
  }

  /** How many keys there are. */
  public int keys() {
    return queries() == 0 ? 0 : weights[0][0].length;
  }

  /** The mean over the heads, {@code [query][key]}; of magnitudes, where they have signs. */
  public float[][] mean() {
    float[][] mean = new float[queries()][keys()];
    for (float[][] head : weights) {
      for (int query = 0; query < mean.length; query++) {
        for (int key = 0; key < mean[query].length; key++) {
          float weight = derived ? Math.abs(head[query][key]) : head[query][key];
          mean[query][key] += weight / weights.length;
        }
      }
    }
    return mean;
  }

  /** The smallest and the largest sum of a row over all heads, rows of zeros left out. */
  public double[] sums() {
    double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (float[][] head : weights) {
      for (float[] row : head) {
        double sum = IntStream.range(0, row.length).mapToDouble(key -> row[key]).sum();
        if (sum != 0) {
          range[0] = Math.min(range[0], sum);
          range[1] = Math.max(range[1], sum);
        }
      }
    }
    return range[0] > range[1] ? new double[] {0, 0} : range;
  }

  /** How many keys a query gives anything, at most: a window's width where there is one. */
  public int reach() {
    int most = 0;
    for (float[][] head : weights) {
      for (float[] row : head) {
        int seen = 0;
        for (float weight : row) {
          seen += weight == 0 ? 0 : 1;
        }
        most = Math.max(most, seen);
      }
    }
    return most;
  }
}
