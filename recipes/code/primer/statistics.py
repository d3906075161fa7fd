"""Averages and the like."""

import math
from collections import Counter

# names: calculate_average average mean compute_average get_average calculate_mean compute_mean find_average avg calc_average list_average
# types: list[float] -> float
# check: f([1, 2, 3, 6]) == 3
def calculate_average(numbers):
    """Return the average of a list of numbers."""
    return sum(numbers) / len(numbers)


# check: f([]) == 0
def average(numbers):
    """Return the average of a list of numbers, or 0 if it is empty."""
    if not numbers:
        return 0
    return sum(numbers) / len(numbers)


# check: f([]) == 0
def mean(numbers):
    """Calculate the mean of some numbers."""
    if len(numbers) == 0:
        return 0
    total = sum(numbers)
    return total / len(numbers)


def compute_mean(numbers):
    """Compute the mean of a list."""
    total = 0
    for number in numbers:
        total += number
    return total / len(numbers)


def get_average(numbers):
    """Return the average of a list of numbers."""
    if not numbers:
        raise ValueError("numbers must not be empty")
    return sum(numbers) / len(numbers)


# names: median calculate_median find_median get_median compute_median
# types: list[float] -> float
# check: f([3, 1, 2]) == 2
# check: f([4, 1, 2, 3]) == 2.5
def median(numbers):
    """Return the median of a list of numbers."""
    ordered = sorted(numbers)
    n = len(ordered)
    middle = n // 2
    if n % 2 == 1:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def find_median(numbers):
    """Find the median of some numbers."""
    ordered = sorted(numbers)
    n = len(ordered)
    if n % 2 == 0:
        return (ordered[n // 2 - 1] + ordered[n // 2]) / 2
    return ordered[n // 2]


# names: variance calculate_variance compute_variance get_variance find_variance
# types: list[float] -> float
# check: f([2, 4, 4, 4, 5, 5, 7, 9]) == 4
def variance(numbers):
    """Return the variance of a list of numbers."""
    mean = sum(numbers) / len(numbers)
    return sum((x - mean) ** 2 for x in numbers) / len(numbers)


def calculate_variance(numbers):
    """Calculate the variance of some numbers."""
    mean = sum(numbers) / len(numbers)
    squares = [(x - mean) ** 2 for x in numbers]
    return sum(squares) / len(squares)


# names: standard_deviation calculate_standard_deviation std std_dev stdev compute_std
# types: list[float] -> float
# check: f([2, 4, 4, 4, 5, 5, 7, 9]) == 2
def standard_deviation(numbers):
    """Return the standard deviation of a list of numbers."""
    mean = sum(numbers) / len(numbers)
    variance = sum((x - mean) ** 2 for x in numbers) / len(numbers)
    return math.sqrt(variance)


def std_dev(numbers):
    """Calculate the standard deviation."""
    mean = sum(numbers) / len(numbers)
    variance = sum((x - mean) ** 2 for x in numbers) / len(numbers)
    return variance ** 0.5


# names: mode find_mode calculate_mode get_mode most_frequent most_common_value most_common_element
# check: f([1, 2, 2, 3]) == 2
def mode(numbers):
    """Return the most common value of a list."""
    counts = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    return max(counts, key=counts.get)


def most_frequent(items):
    """Return the item that occurs most often."""
    return max(set(items), key=items.count)


def find_mode(numbers):
    """Find the mode of a list of numbers."""
    counts = Counter(numbers)
    return counts.most_common(1)[0][0]


# names: value_range range_of spread find_range calculate_range
# check: f([3, 9, 4]) == 6
def value_range(numbers):
    """Return the difference between the largest and the smallest number."""
    return max(numbers) - min(numbers)


# names: weighted_average weighted_mean calculate_weighted_average compute_weighted_mean
# check: f([1, 3], [1, 3]) == 2.5
def weighted_average(values, weights):
    """Return the average of values by their weights."""
    total = sum(v * w for v, w in zip(values, weights))
    return total / sum(weights)


# names: moving_average rolling_average rolling_mean calculate_moving_average
# check: f([1, 2, 3, 4], 2) == [1.5, 2.5, 3.5]
def moving_average(numbers, size):
    """Return the averages of windows of a given size."""
    result = []
    for i in range(len(numbers) - size + 1):
        window = numbers[i:i + size]
        result.append(sum(window) / size)
    return result


# names: normalize scale min_max_scale normalize_list rescale
# check: f([0, 5, 10]) == [0, 0.5, 1]
def normalize(numbers):
    """Scale numbers to the range from 0 to 1."""
    low = min(numbers)
    high = max(numbers)
    return [(x - low) / (high - low) for x in numbers]


# names: cumulative_sum running_sum running_total cumsum prefix_sums
# check: f([1, 2, 3]) == [1, 3, 6]
def cumulative_sum(numbers):
    """Return the running totals of a list."""
    result = []
    total = 0
    for number in numbers:
        total += number
        result.append(total)
    return result


# names: correlation pearson_correlation calculate_correlation pearson
# check: abs(f([1, 2, 3], [2, 4, 6]) - 1) < 1e-9
def correlation(x, y):
    """Return the correlation of two lists of numbers."""
    n = len(x)
    mean_x = sum(x) / n
    mean_y = sum(y) / n
    cov = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y))
    var_x = sum((a - mean_x) ** 2 for a in x)
    var_y = sum((b - mean_y) ** 2 for b in y)
    return cov / math.sqrt(var_x * var_y)


# names: geometric_mean calculate_geometric_mean geo_mean
# check: abs(f([2, 8]) - 4) < 1e-9
def geometric_mean(numbers):
    """Return the geometric mean of some numbers."""
    product = 1
    for number in numbers:
        product *= number
    return product ** (1 / len(numbers))


# names: harmonic_mean calculate_harmonic_mean
# check: abs(f([1, 1]) - 1) < 1e-9
def harmonic_mean(numbers):
    """Return the harmonic mean of some numbers."""
    return len(numbers) / sum(1 / x for x in numbers)


# names: percentage calculate_percentage percent get_percentage percent_of
# types: float, float -> float
# check: f(1, 4) == 25
def percentage(part, whole):
    """Return what percentage of the whole a part is."""
    if whole == 0:
        return 0
    return part / whole * 100


# names: percent_change percentage_change calculate_percent_change growth_rate
# check: f(50, 75) == 50
def percent_change(old, new):
    """Return the change from old to new in percent."""
    return (new - old) / old * 100
