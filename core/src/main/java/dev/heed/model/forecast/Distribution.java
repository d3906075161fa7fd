package dev.heed.model.forecast;

import dev.heed.model.ModelConfig;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Families of distributions that a model says the parameters of (Salinas et al. 2020, section 3.1).
 */
public enum Distribution {
  /** Student's t: degrees of freedom, location, scale. */
  STUDENT_T(3) {
    @Override
    List<Tensor> domain(List<Tensor> raw) {
      return List.of(
          positive(raw.get(0)).add(2), raw.get(1), atLeastRounding(positive(raw.get(2))));
    }

    @Override
    Tensor logDensity(List<Tensor> parameters, Tensor x) {
      Tensor freedom = parameters.get(0);
      Tensor scale = parameters.get(2);
      Tensor y = x.sub(parameters.get(1)).div(scale);
      Tensor half = freedom.add(1).mul(0.5);
      Tensor norm =
          scale
              .log()
              .add(freedom.log().mul(0.5))
              .add(0.5 * Math.log(Math.PI))
              .add(LogGamma.of(freedom.mul(0.5)))
              .sub(LogGamma.of(half));
      return half.neg().mul(y.square().div(freedom).log1p()).sub(norm);
    }

    @Override
    Tensor draw(List<Tensor> parameters, Generator random) {
      Tensor freedom = parameters.get(0);
      Tensor chi = RandomDraws.gamma(freedom.mul(0.5), random).mul(2);
      Tensor t =
          Tensor.randn(random, freedom.shape(), freedom.dtype()).mul(freedom.div(chi).sqrt());
      return t.mul(parameters.get(2)).add(parameters.get(1));
    }
  },
  /** The normal distribution: mean, standard deviation. */
  NORMAL(2) {
    @Override
    List<Tensor> domain(List<Tensor> raw) {
      return List.of(raw.get(0), atLeastRounding(positive(raw.get(1))));
    }

    @Override
    Tensor logDensity(List<Tensor> parameters, Tensor x) {
      Tensor deviation = parameters.get(1);
      Tensor y = x.sub(parameters.get(0)).div(deviation);
      return y.square().mul(-0.5).sub(deviation.log()).sub(0.5 * Math.log(2 * Math.PI));
    }

    @Override
    Tensor draw(List<Tensor> parameters, Generator random) {
      Tensor mean = parameters.get(0);
      return Tensor.randn(random, mean.shape(), mean.dtype()).mul(parameters.get(1)).add(mean);
    }
  },
  /**
   * The negative binomial distribution of counts: failures, and the log odds of a success. A scale
   * multiplies the odds, since what is drawn is a count already.
   */
  NEGATIVE_BINOMIAL(2) {
    @Override
    List<Tensor> domain(List<Tensor> raw) {
      return List.of(positive(raw.get(0)), raw.get(1));
    }

    @Override
    Tensor logDensity(List<Tensor> parameters, Tensor x) {
      Tensor failures = parameters.get(0);
      Tensor odds = parameters.get(1);
      Tensor kernel = failures.mul(odds.softplus()).neg().sub(x.mul(odds.neg().softplus()));
      Tensor ways =
          LogGamma.of(failures.add(x)).sub(LogGamma.of(x.add(1))).sub(LogGamma.of(failures));
      return kernel.add(ways);
    }

    @Override
    Tensor draw(List<Tensor> parameters, Generator random) {
      Tensor means = RandomDraws.gamma(parameters.get(0), random).mul(parameters.get(1).exp());
      return RandomDraws.poisson(means, random);
    }
  };

  private final int count;

  Distribution(int count) {
    this.count = count;
  }

  /** How many parameters it has. */
  public int count() {
    return count;
  }

  /** As {@code distribution_output} says. */
  public static Distribution of(ModelConfig keys, String name) {
    for (Distribution distribution : values()) {
      if (distribution.configName().equals(name)) {
        return distribution;
      }
    }
    JsonNode got = keys.json().get("distribution_output");
    throw keys.unsupported("distribution_output", "student_t, normal or negative_binomial", got);
  }

  /** The name in a {@code config.json}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** From any numbers to parameters. */
  abstract List<Tensor> domain(List<Tensor> raw);

  /** {@code log p(x)}, or of a count its probability's. */
  abstract Tensor logDensity(List<Tensor> parameters, Tensor x);

  /** One draw for each element. */
  abstract Tensor draw(List<Tensor> parameters, Generator random);

  /** {@code (x + √(x² + 4)) / 2}: the positive numbers, smoothly. */
  static Tensor positive(Tensor x) {
    return x.add(x.square().add(4).sqrt()).mul(0.5);
  }

  private static Tensor atLeastRounding(Tensor x) {
    double rounding =
        switch (x.dtype()) {
          case F64 -> Math.ulp(1.0);
          case BF16 -> 0x1p-7;
          case F16 -> 0x1p-10;
          default -> Math.ulp(1.0f);
        };
    return x.maximum(x.detach().mul(0).add(rounding));
  }
}
