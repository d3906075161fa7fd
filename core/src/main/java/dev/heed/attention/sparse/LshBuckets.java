package dev.heed.attention.sparse;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Locality-sensitive hashing by random rotations: {@code bucket(x) = argmax([x·R | -x·R])} (Kitaev
 * et al. 2020, section 2; Andoni et al. 2015), and the order of all tokens of all rounds by bucket.
 *
 * @param numbers i64 {@code [B, rounds · T]}; round r counts from {@code r · buckets}
 * @param order i64 {@code [B, rounds · T]}: which entry of {@code numbers} stands at each sorted
 *     place
 * @param places i64 {@code [B, rounds · T]}: the sorted place of each entry
 */
record LshBuckets(Tensor numbers, Tensor order, Tensor places) {
  /**
   * Hashes and sorts.
   *
   * @param vectors {@code [B, T, D]}
   * @param rotations {@code [D, rounds, buckets / 2]}
   */
  static LshBuckets of(Tensor vectors, Tensor rotations) {
    return TensorScope.run(() -> {
      long length = vectors.size(1);
      long rounds = rotations.size(1);
      Tensor rotated = Tensor.einsum("btd,dri->brti", vectors.detach(), rotations.detach());
      Tensor bucket = Tensor.cat(List.of(rotated, rotated.neg()), -1).argmax(-1, false);
      Tensor offsets = Tensor.arange(rounds, DType.I64).mul(2 * rotations.size(2)).unsqueeze(-1);
      Tensor numbers = bucket.add(offsets).flatten(1, 2);
      Tensor position = Tensor.arange(length, DType.I64).repeat(rounds);
      Tensor order = numbers.mul(length).add(position).sort(-1, false).indices();
      return new LshBuckets(numbers, order, order.sort(-1, false).indices());
    });
  }

  /** Normal numbers for {@code [D, rounds, buckets / 2]}. */
  static Tensor rotations(Generator generator, long size, int rounds, long buckets, DType dtype) {
    return Tensor.randn(generator, Shape.of(size, rounds, buckets / 2), dtype);
  }
}
