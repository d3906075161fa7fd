package dev.heed.verify;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.tensor.DType;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a result may be from a recorded one: a multiple of the rounding of the reference itself.
 *
 * <p>The recording's {@code fp32_vs_fp64} says for each kind of result the largest difference
 * between the reference in single and in double precision, and the largest value. What is computed
 * in double precision may differ by the reference's own rounding; single precision by the multiple.
 */
record Tolerances(JsonNode recorded, double multiple) {
  /** Where the recorded value is nothing but rounding, as the gradients of key biases are. */
  private static final double ROUNDING = 1e-7;

  /**
   * What is computed in double precision differs by the reference's own rounding, which is recorded
   * for all gradients together: a single one's is estimated, and has been 2.7 times that.
   */
  private static final double OF_DOUBLE = 3;

  /** The least share of the scale, for kinds whose recorded rounding happens to be tiny. */
  private static final double LEAST_SHARE = 2e-7;

  /** Of a recording without rounding of its own, a share that single precision stays within. */
  private static final double USUAL_SHARE = 1e-6;

  static Tolerances of(GoldenFile file, double multiple, DType dtype) {
    JsonNode recorded =
        file.settings().containsKey("fp32_vs_fp64")
            ? file.json("fp32_vs_fp64")
            : JsonMapper.shared().createObjectNode();
    return new Tolerances(recorded, dtype == DType.F64 ? Math.min(multiple, OF_DOUBLE) : multiple);
  }

  /** The largest difference allowed for a key whose largest recorded value is {@code scale}. */
  double of(String compared, double scale) {
    double own = allowed(compared, scale);
    // Decoding step by step is as noisy as the whole pass, or as its own recorded rounding.
    return compared.startsWith("cache.logits")
        ? Math.max(own, allowed("output.logits", scale))
        : own;
  }

  private double allowed(String key, double scale) {
    double noise = USUAL_SHARE * scale;
    int longest = -1;
    for (Map.Entry<String, JsonNode> kind : recorded.properties()) {
      String name = kind.getKey();
      boolean fits = key.equals(name) || key.startsWith(name + ".");
      if (fits && name.length() > longest) {
        longest = name.length();
        double share = kind.getValue().path(1).asDouble(1);
        // The gradients share one entry: a small one is held to its own scale.
        double rounding = kind.getValue().path(0).asDouble(0);
        if (name.equals("grad") && scale <= rounding) {
          // Zero in theory: what is recorded is rounding, and so is what comes out.
          return rounding + ROUNDING;
        }
        double own = name.equals("grad") && share > 0 ? Math.sqrt(scale / share) : 1;
        noise = rounding * Math.min(1, own);
      }
    }
    if (key.startsWith("generate_scores.")) {
      // Sums of log-probabilities are as noisy as the scores that they come from.
      JsonNode logits = recorded.path("output.logits");
      double largest = logits.path(1).asDouble(1);
      noise = Math.max(noise, logits.path(0).asDouble(0) / largest * scale);
    }
    return multiple * Math.max(noise, LEAST_SHARE * scale) + ROUNDING;
  }
}
