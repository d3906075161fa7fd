package dev.heed.model.forecast;

import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Hides patches that a model learns to tell (Nie et al. 2023, section 3.2).
 *
 * <p>{@code noise} decides which, where a call gives it; else the generator of a training run, or
 * the same numbers in every other.
 *
 * @param ends how many patches at the end are hidden, for each share of the series; null hides any
 *     patches
 * @param ratio how many of any patches are hidden, in [0, 1)
 * @param together whether the same patches are hidden of all values
 * @param open values of which nothing is hidden
 * @param value what stands in their place
 */
public record PatchMasking(
    @Nullable List<Integer> ends,
    double ratio,
    boolean together,
    List<Integer> open,
    double value) {
  /** Checks the share. */
  public PatchMasking {
    if (!(ratio >= 0 && ratio < 1)) {
      throw new IllegalArgumentException(
          "random_mask_ratio: expected a share in [0, 1), got " + ratio);
    }
    open = List.copyOf(open);
  }

  /**
   * As a config says it.
   *
   * @param type {@code random} or {@code forecast}
   * @param ends a number or a list of numbers
   * @param patches how many there are
   */
  public static PatchMasking of(
      String type,
      double ratio,
      @Nullable JsonNode ends,
      boolean together,
      @Nullable List<Integer> open,
      double value,
      int patches) {
    List<Integer> lengths = null;
    if (type.equals("forecast")) {
      lengths = new ArrayList<>();
      if (ends != null && ends.isArray()) {
        for (JsonNode one : ends) {
          lengths.add(one.asInt(0));
        }
      } else if (ends != null) {
        lengths.add(ends.asInt(0));
      }
      if (lengths.isEmpty() || lengths.stream().anyMatch(n -> n < 1 || n >= patches)) {
        throw new IllegalArgumentException(
            "num_forecast_mask_patches: expected numbers from 1 to "
                + (patches - 1)
                + ", got "
                + ends);
      }
    }
    return new PatchMasking(lengths, ratio, together, open == null ? List.of() : open, value);
  }

  /**
   * Hidden patches.
   *
   * @param patches with the value in their place, {@code [B, C, N, P]}
   * @param hidden truth values {@code [B, C, N]}
   */
  public record Masked(Tensor patches, Tensor hidden) {}

  /** Hides some of {@code [B, C, N, P]}. */
  public Masked apply(Run run, Tensor patches) {
    Tensor given = run.input().get("noise");
    return TensorScope.run(() -> {
      long batch = patches.size(0);
      long values = patches.size(1);
      long count = patches.size(2);
      Shape wanted = ends != null ? Shape.of(batch) : Shape.of(batch, together ? 1 : values, count);
      Tensor noise = given == null ? noise(run, wanted) : given;
      if (!noise.shape().equals(wanted)) {
        throw new ShapeException("noise: expected " + wanted + ", got " + noise.shape());
      }
      Tensor hidden =
          (ends == null ? any(noise) : ending(noise, ends, count)).expand(batch, values, count);
      Tensor kept = hidden.and(mayHide(values));
      return new Masked(patches.maskedFill(kept.unsqueeze(-1), value), kept);
    });
  }

  private static Tensor noise(Run run, Shape shape) {
    Generator own = run.trace().dropoutGenerator();
    if (own != null) {
      return Tensor.rand(own, shape, DType.F32);
    }
    try (Generator same = new Generator(0)) {
      return Tensor.rand(same, shape, DType.F32);
    }
  }

  /** Those with the largest noise. */
  private Tensor any(Tensor noise) {
    long kept = (long) (noise.size(2) * (1 - ratio));
    return places(noise, 2).ge(kept);
  }

  /** The place of each element in ascending order. */
  private static Tensor places(Tensor noise, int dim) {
    return noise.sort(dim, false).indices().to(DType.F64).sort(dim, false).indices();
  }

  /** The last ones; the noise puts the series in an order that is cut into shares. */
  private static Tensor ending(Tensor noise, List<Integer> ends, long count) {
    int batch = (int) noise.size(0);
    int share = batch / ends.size();
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < ends.size(); i++) {
      int more = i == 0 ? batch - share * ends.size() : 0;
      lengths.addAll(Collections.nCopies(share + more, ends.get(i)));
    }
    Tensor each = Tensor.of(lengths.stream().mapToLong(n -> n).toArray(), batch);
    Tensor first = each.indexSelect(0, noise.sort(0, false).indices()).neg().add(count);
    return Tensor.arange(count, DType.I64).reshape(1, 1, count).ge(first.reshape(batch, 1, 1));
  }

  private Tensor mayHide(long values) {
    boolean[] may = new boolean[(int) values];
    Arrays.fill(may, true);
    for (int channel : open) {
      if (channel < 0 || channel >= values) {
        throw new IllegalArgumentException(
            "unmasked_channel_indices: expected numbers below " + values + ", got " + open);
      }
      may[channel] = false;
    }
    return Tensor.of(may, values).reshape(1, values, 1);
  }
}
