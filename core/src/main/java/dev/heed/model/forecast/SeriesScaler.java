package dev.heed.model.forecast;

import dev.heed.model.ModelConfig;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Brings series to one scale by what was observed of them.
 *
 * @param kind by what
 * @param minimum the least scale; the least variance where scaled by the deviation
 * @param fallback the scale of a series of which nothing was observed; null takes the mean over the
 *     batch
 */
public record SeriesScaler(Kind kind, double minimum, @Nullable Double fallback) {
  private static final double LEAST_MEAN = 1e-10;
  private static final double LEAST_VARIANCE = 1e-5;

  /** By what series are scaled. */
  public enum Kind {
    /** {@code x / mean |x|} (Salinas et al. 2020, section 3.3). */
    MEAN,
    /** {@code (x - mean) / deviation} (Kim et al. 2022, without learned parameters). */
    STD,
    /** Not at all. */
    NONE
  }

  /**
   * The place and the scale of series.
   *
   * @param loc what is subtracted, {@code [B, 1]} or {@code [B, 1, C]}
   * @param scale what is divided by, the same shape
   */
  public record Scale(Tensor loc, Tensor scale) {
    /** {@code (x - loc) / scale}. */
    public Tensor scaled(Tensor x) {
      return x.sub(loc).div(scale);
    }

    /** {@code x · scale + loc}. */
    public Tensor unscaled(Tensor x) {
      return x.mul(scale).add(loc);
    }

    /** The same, each series so many times in a row. */
    public Scale repeated(long times) {
      return new Scale(loc.repeatInterleave(times, 0), scale.repeatInterleave(times, 0));
    }
  }

  /**
   * As {@code scaling} says, with {@code minimum_scale} and {@code default_scale} where a config
   * has them.
   *
   * @param absent what is meant without the key
   * @param truth what {@code true} means, which differs between families
   */
  public static SeriesScaler of(ModelConfig keys, Kind absent, Kind truth) {
    keys.known("scaling", "scaling_dim", "keepdim", "minimum_scale", "default_scale");
    JsonNode json = keys.json();
    require(keys, "scaling_dim", json.path("scaling_dim").asInt(1) == 1, "1");
    require(keys, "keepdim", json.path("keepdim").asBoolean(true), "true");
    Kind kind = kind(keys, json.get("scaling"), absent, truth);
    double least = kind == Kind.STD ? LEAST_VARIANCE : LEAST_MEAN;
    return new SeriesScaler(
        kind, number(keys, "minimum_scale", least), number(keys, "default_scale", null));
  }

  private static Kind kind(ModelConfig keys, @Nullable JsonNode value, Kind absent, Kind truth) {
    if (value == null) {
      return absent;
    }
    if (value.isNull() || (value.isBoolean() && !value.booleanValue())) {
      return Kind.NONE;
    }
    if (value.isBoolean()) {
      return truth;
    }
    return switch (value.asString("")) {
      case "mean" -> Kind.MEAN;
      case "std" -> Kind.STD;
      case "none" -> Kind.NONE;
      default -> throw keys.unsupported("scaling", "mean, std, none, true, false or null", value);
    };
  }

  private static @Nullable Double number(ModelConfig keys, String key, @Nullable Double otherwise) {
    JsonNode value = keys.json().get(key);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isNumber()) {
      throw keys.unsupported(key, "a number", value);
    }
    return value.doubleValue();
  }

  private static double number(ModelConfig keys, String key, double otherwise) {
    Double given = number(keys, key, Double.valueOf(otherwise));
    return given == null ? otherwise : given;
  }

  private static void require(ModelConfig keys, String key, boolean holds, String expected) {
    if (!holds) {
      throw keys.unsupported(key, expected, keys.json().get(key));
    }
  }

  /**
   * The scale of series.
   *
   * @param x {@code [B, T]} or {@code [B, T, C]}
   * @param observed the same shape, 1 where x was observed and 0 where it was not
   */
  public Scale of(Tensor x, Tensor observed) {
    return TensorScope.run(() -> compute(x, observed.to(x.dtype())));
  }

  private Scale compute(Tensor x, Tensor observed) {
    Tensor count = observed.sum(1, true);
    Tensor divisor = count.maximum(count.mul(0).add(1));
    Tensor seen = x.mul(observed);
    return switch (kind) {
      case NONE -> new Scale(count.mul(0), count.mul(0).add(1));
      case STD -> {
        Tensor mean = seen.sum(1, true).div(divisor);
        Tensor variance = x.sub(mean).mul(observed).square().sum(1, true).div(divisor);
        yield new Scale(mean, variance.add(minimum).sqrt());
      }
      case MEAN -> {
        Tensor sum = seen.abs().sum(1, true);
        Tensor own = sum.div(divisor);
        Tensor found = Tensor.where(count.gt(0), own, unobserved(sum, count));
        yield new Scale(found.mul(0), found.maximum(found.mul(0).add(minimum)));
      }
    };
  }

  /** The scale of a series of which nothing was observed, {@code [1, 1]} or {@code [1, 1, C]}. */
  private Tensor unobserved(Tensor sum, Tensor count) {
    Tensor all = count.sum(0, true);
    Tensor mean = sum.sum(0, true).div(all.maximum(all.mul(0).add(1)));
    return fallback == null ? mean : mean.mul(0).add(fallback);
  }
}
