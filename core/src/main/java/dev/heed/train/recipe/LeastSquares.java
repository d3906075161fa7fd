package dev.heed.train.recipe;

/**
 * The linear map that errs least in squares, {@code (XᵀX + λI)⁻¹XᵀY}, by Cholesky's decomposition.
 * λ is a millionth of the mean of the diagonal, so that columns that follow from others do no harm.
 */
final class LeastSquares {
  private static final double RIDGE = 1e-6;

  private final double[][] squares;
  private final double[][] products;

  /** One pair of what is read and what is wanted. */
  interface Pair {
    void of(double[] read, double[] wanted);
  }

  /** Of so many numbers each. */
  LeastSquares(int read, int wanted) {
    squares = new double[read][read];
    products = new double[read][wanted];
  }

  void add(double[] read, double[] wanted) {
    for (int i = 0; i < read.length; i++) {
      double[] row = squares[i];
      double[] product = products[i];
      double own = read[i];
      for (int j = 0; j <= i; j++) {
        row[j] += own * read[j];
      }
      for (int j = 0; j < wanted.length; j++) {
        product[j] += own * wanted[j];
      }
    }
  }

  /** The map, {@code [read][wanted]}; what was added is used up. */
  double[][] solve() {
    int size = squares.length;
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += squares[i][i];
    }
    for (int i = 0; i < size; i++) {
      squares[i][i] += RIDGE * trace / size;
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = squares[i][j];
        for (int k = 0; k < j; k++) {
          sum -= squares[i][k] * squares[j][k];
        }
        squares[i][j] = i == j ? Math.sqrt(sum) : sum / squares[j][j];
      }
    }
    for (int column = 0; column < products[0].length; column++) {
      for (int i = 0; i < size; i++) {
        for (int k = 0; k < i; k++) {
          products[i][column] -= squares[i][k] * products[k][column];
        }
        products[i][column] /= squares[i][i];
      }
      for (int i = size - 1; i >= 0; i--) {
        for (int k = i + 1; k < size; k++) {
          products[i][column] -= squares[k][i] * products[k][column];
        }
        products[i][column] /= squares[i][i];
      }
    }
    return products;
  }
}
