"""Matrices and grids."""

# names: transpose transpose_matrix matrix_transpose get_transpose
# types: list[list[float]] -> list[list[float]]
# check: f([[1, 2], [3, 4], [5, 6]]) == [[1, 3, 5], [2, 4, 6]]
def transpose(matrix):
    """Return the transpose of a matrix."""
    return [list(row) for row in zip(*matrix)]


def transpose_matrix(matrix):
    """Swap the rows and columns of a matrix."""
    rows = len(matrix)
    cols = len(matrix[0])
    return [[matrix[i][j] for i in range(rows)] for j in range(cols)]


# names: matrix_multiply multiply_matrices matmul matrix_product mat_mul
# types: list[list[float]], list[list[float]] -> list[list[float]]
# check: f([[1, 2], [3, 4]], [[5, 6], [7, 8]]) == [[19, 22], [43, 50]]
def matrix_multiply(a, b):
    """Return the product of two matrices."""
    rows = len(a)
    cols = len(b[0])
    result = [[0] * cols for _ in range(rows)]
    for i in range(rows):
        for j in range(cols):
            for k in range(len(b)):
                result[i][j] += a[i][k] * b[k][j]
    return result


def multiply_matrices(a, b):
    """Multiply two matrices."""
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


# names: matrix_add add_matrices matrix_sum
# check: f([[1, 2]], [[3, 4]]) == [[4, 6]]
def matrix_add(a, b):
    """Add two matrices."""
    return [[x + y for x, y in zip(row_a, row_b)] for row_a, row_b in zip(a, b)]


# names: identity_matrix identity make_identity create_identity
# types: int -> list[list[int]]
# check: f(2) == [[1, 0], [0, 1]]
def identity_matrix(n):
    """Return the identity matrix of size n."""
    return [[1 if i == j else 0 for j in range(n)] for i in range(n)]


# names: zeros zero_matrix create_matrix make_matrix make_grid create_grid
# types: int, int -> list[list[int]]
# check: f(2, 3) == [[0, 0, 0], [0, 0, 0]]
def create_matrix(rows, cols):
    """Return a matrix of zeros."""
    return [[0] * cols for _ in range(rows)]


# names: scale_matrix scalar_multiply multiply_by_scalar
# check: f([[1, 2]], 2) == [[2, 4]]
def scale_matrix(matrix, factor):
    """Multiply a matrix by a number."""
    return [[x * factor for x in row] for row in matrix]


# names: determinant det matrix_determinant calculate_determinant
# check: f([[1, 2], [3, 4]]) == -2
def determinant(matrix):
    """Return the determinant of a matrix."""
    if len(matrix) == 1:
        return matrix[0][0]
    total = 0
    for j in range(len(matrix)):
        minor = [row[:j] + row[j + 1:] for row in matrix[1:]]
        total += (-1) ** j * matrix[0][j] * determinant(minor)
    return total


# names: trace matrix_trace sum_diagonal diagonal_sum
# check: f([[1, 2], [3, 4]]) == 5
def trace(matrix):
    """Return the sum of the diagonal of a matrix."""
    return sum(matrix[i][i] for i in range(len(matrix)))


# names: rotate_matrix rotate_grid rotate_90 rotate_clockwise
# check: f([[1, 2], [3, 4]]) == [[3, 1], [4, 2]]
def rotate_matrix(matrix):
    """Rotate a matrix clockwise."""
    return [list(row) for row in zip(*matrix[::-1])]


# names: sum_matrix matrix_total grid_sum
# check: f([[1, 2], [3, 4]]) == 10
def sum_matrix(matrix):
    """Return the sum of all numbers of a matrix."""
    return sum(sum(row) for row in matrix)


# names: row_sums sum_rows sums_of_rows
# check: f([[1, 2], [3, 4]]) == [3, 7]
def row_sums(matrix):
    """Return the sum of each row."""
    return [sum(row) for row in matrix]


# names: column_sums sum_columns col_sums
# check: f([[1, 2], [3, 4]]) == [4, 6]
def column_sums(matrix):
    """Return the sum of each column."""
    return [sum(col) for col in zip(*matrix)]


# names: print_matrix show_matrix print_grid display_grid
# check: f([[1, 2]]) is None
def print_matrix(matrix):
    """Print a matrix row by row."""
    for row in matrix:
        print(" ".join(str(x) for x in row))


# names: neighbors get_neighbors adjacent_cells find_neighbors
# check: sorted(f([[0, 0], [0, 0]], 0, 0)) == [(0, 1), (1, 0)]
def get_neighbors(grid, row, col):
    """Return the neighbours of a cell of a grid."""
    result = []
    for dr, dc in [(-1, 0), (1, 0), (0, -1), (0, 1)]:
        r, c = row + dr, col + dc
        if 0 <= r < len(grid) and 0 <= c < len(grid[0]):
            result.append((r, c))
    return result


# names: pascal_triangle pascals_triangle generate_pascal pascal
# check: f(3) == [[1], [1, 1], [1, 2, 1]]
def pascal_triangle(n):
    """Return the first n rows of Pascal's triangle."""
    rows = [[1]]
    for _ in range(n - 1):
        last = rows[-1]
        row = [1] + [last[i] + last[i + 1] for i in range(len(last) - 1)] + [1]
        rows.append(row)
    return rows


# names: print_triangle print_stars star_triangle draw_triangle
# check: f(2) is None
def print_triangle(n):
    """Print a triangle of stars."""
    for i in range(1, n + 1):
        print("*" * i)


# names: print_pyramid draw_pyramid star_pyramid
# check: f(2) is None
def print_pyramid(n):
    """Print a pyramid of stars."""
    for i in range(n):
        print(" " * (n - i - 1) + "*" * (2 * i + 1))


# names: is_symmetric symmetric check_symmetric
# check: f([[1, 2], [2, 1]]) is True
# check: f([[1, 2], [3, 1]]) is False
def is_symmetric(matrix):
    """Check whether a matrix is symmetric."""
    n = len(matrix)
    return all(matrix[i][j] == matrix[j][i] for i in range(n) for j in range(n))
