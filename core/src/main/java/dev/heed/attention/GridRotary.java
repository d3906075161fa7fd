package dev.heed.attention;

import dev.heed.attention.position.Grid;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Rotary positions in two dimensions: turns the queries and keys of an image's patches by where the
 * patch's centre lies between the image's edges (Siméoni et al. 2025, DINOv3, section 3.2; Heo et
 * al. 2024).
 *
 * <p>With {@code y, x} in {@code (-1, 1)} from edge to edge and frequencies {@code ωᵢ =
 * base^(-4i/D)}, {@code 0 ≤ i < D/4}, the pair of elements i and {@code i + D/2} turns by {@code
 * 2π·y·ωᵢ}, the pair {@code i + D/4} and {@code i + 3D/4} by {@code 2π·x·ωᵢ}. Tokens before the
 * patches are not turned.
 *
 * @param headSize D, a multiple of 4
 * @param base positive, usually 100
 */
public record GridRotary(int headSize, double base) implements HeadChange {
  /** Checks the size. */
  public GridRotary {
    if (headSize < 4 || headSize % 4 != 0 || !(base > 0)) {
      throw new IllegalArgumentException(
          "rotary positions of a grid: expected a head size that 4 divides and a positive base, got"
              + " "
              + headSize
              + " and "
              + base);
    }
  }

  @Override
  public Tensor queries(Tensor q, Places places) {
    return turned(q, places);
  }

  @Override
  public Tensor keys(Tensor k, Places places) {
    return turned(k, places);
  }

  private Tensor turned(Tensor x, Places places) {
    Grid grid = places.grid();
    if (grid == null || x.size(2) < grid.places()) {
      throw new IllegalArgumentException(
          "rotary positions of a grid: expected an image's patches, got "
              + x.describe()
              + " and grid "
              + grid);
    }
    return TensorScope.run(() -> {
      long before = x.size(2) - grid.places();
      Tensor angles = Tensor.of(angles(grid), grid.places(), headSize / 2);
      Tensor cos = angles.cos().to(x.dtype());
      Tensor sin = angles.sin().to(x.dtype());
      Tensor patches = x.narrow(2, before, grid.places());
      List<Tensor> halves = patches.chunk(2, -1);
      Tensor first = halves.get(0);
      Tensor second = halves.get(1);
      return Tensor.cat(
          List.of(
              x.narrow(2, 0, before),
              Tensor.cat(
                  List.of(first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin))),
                  -1)),
          2);
    });
  }

  /** {@code [places · D/2]}: those of rows, then those of columns. */
  private double[] angles(Grid grid) {
    int quarter = headSize / 4;
    double[] angles = new double[grid.places() * 2 * quarter];
    for (int place = 0; place < grid.places(); place++) {
      double y = centre(place / grid.width(), grid.height());
      double x = centre(place % grid.width(), grid.width());
      for (int i = 0; i < quarter; i++) {
        double frequency = 2 * Math.PI * Math.pow(base, -4.0 * i / headSize);
        angles[place * 2 * quarter + i] = y * frequency;
        angles[place * 2 * quarter + quarter + i] = x * frequency;
      }
    }
    return angles;
  }

  private static double centre(int index, int count) {
    return 2 * (index + 0.5) / count - 1;
  }
}
