package dev.heed.model.retro;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Rotary positions of the half-split layout on the first features of each head (Su et al. 2021).
 *
 * @param angles {@code [positions, rotated features]}
 */
record RotaryAngles(Tensor angles) {
  /** The angles of {@code length} positions from {@code first} on. */
  static RotaryAngles of(Tensor frequencies, long first, long length) {
    return TensorScope.run(() -> {
      Tensor position = Tensor.arange(length, frequencies.dtype()).add(first).unsqueeze(1);
      Tensor half = position.mul(frequencies.unsqueeze(0));
      return new RotaryAngles(Tensor.cat(List.of(half, half), 1));
    });
  }

  /** All positions moved so many places to the front; behind stand angles of 0. */
  RotaryAngles shifted(long places) {
    return new RotaryAngles(angles.pad(0, 0, 0, -places, places));
  }

  /** The positions repeated for several sequences in a row. */
  RotaryAngles repeated(long times) {
    return new RotaryAngles(angles.repeat(times, 1));
  }

  /** Rotates {@code [B, H, positions, head size]}. */
  Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      long size = angles.size(1);
      Tensor turned = x.narrow(-1, 0, size);
      List<Tensor> halves = turned.chunk(2, -1);
      Tensor quarter = Tensor.cat(List.of(halves.get(1).neg(), halves.get(0)), -1);
      Tensor rotated = turned.mul(angles.cos()).add(quarter.mul(angles.sin()));
      return Tensor.cat(List.of(rotated, x.narrow(-1, size, x.size(-1) - size)), -1);
    });
  }

  /** The frequencies {@code 10000^(-2i / size)} as a new parameter of this shape. */
  static Tensor frequencies(Shape shape, DType dtype) {
    return TensorScope.run(
        () -> Tensor.arange(shape.size(0), dtype).mul(-Math.log(10000) / shape.size(0)).exp());
  }
}
