package dev.heed.attention;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * Keys and values kept in bytes: each token's of each head in groups of numbers that lie beside
 * each other, a group by its own range.
 *
 * <p>{@code code = round((x - low) / step)} with {@code low = min x} and {@code step = (max x - min
 * x) / 255} over the group, read back as {@code low + step · code}: off by half a step at most
 * (asymmetric quantisation by token: Liu et al., KIVI, ICML 2024, section 3.1, with 8 bits).
 *
 * @param size numbers of a group, a divisor of the heads' sizes; 0 for 64 where that is one, else
 *     all of a head
 */
public record ByteGroups(int size) {
  private static final int USUAL = 64;
  private static final int LEVELS = 255;

  /** Below any step that differs from 0 in single precision. */
  private static final double TINY = 1e-38;

  /**
   * Numbers in bytes.
   *
   * @param codes u8 {@code [B, H, T, D]}
   * @param ranges f32 {@code [B, H, T, 2 · groups]}: for each group the lowest number and the step
   */
  record Coded(Tensor codes, Tensor ranges) {}

  /** Checks the size. */
  public ByteGroups {
    if (size < 0) {
      throw new IllegalArgumentException("q_group_size: expected at least 1, got " + size);
    }
  }

  private long group(long width) {
    if (size > 0 && width % size != 0) {
      throw new IllegalArgumentException(
          "q_group_size: expected a divisor of the heads' size, " + width + ", got " + size);
    }
    if (size > 0) {
      return size;
    }
    return width % USUAL == 0 ? USUAL : width;
  }

  /**
   * Numbers in bytes.
   *
   * @param x {@code [B, H, T, D]}
   * @throws IllegalArgumentException if groups do not divide {@code D}
   */
  Coded encode(Tensor x) {
    long group = group(x.size(3));
    // [B, H, T, D] -> [B, H, T, groups, group]
    Tensor parts = x.to(DType.F32).unflatten(3, x.size(3) / group, group);
    Tensor low = parts.amin(4, true);
    Tensor step = parts.amax(4, true).sub(low).div(LEVELS);
    Tensor codes =
        parts.sub(low).div(step.clamp(TINY, Float.MAX_VALUE)).round().clamp(0, LEVELS).to(DType.U8);
    return new Coded(codes.flatten(3, 4), Tensor.cat(List.of(low, step), 4).flatten(3, 4));
  }

  /** The numbers again, {@code [B, H, T, D]}. */
  Tensor decode(Coded coded, DType type) {
    long width = coded.codes().size(3);
    long group = group(width);
    Tensor ranges = coded.ranges().unflatten(3, width / group, 2);
    Tensor parts = coded.codes().to(DType.F32).unflatten(3, width / group, group);
    return parts.mul(ranges.narrow(4, 1, 1)).add(ranges.narrow(4, 0, 1)).flatten(3, 4).to(type);
  }
}
