"""Lists."""

import random
from functools import reduce
from itertools import groupby

# names: sum_list sum_numbers calculate_sum list_sum total add_numbers get_sum sum_of_list calculate_total compute_sum
# types: list[float] -> float
# check: f([1, 2, 3]) == 6
# check: f([]) == 0
def sum_list(numbers):
    """Return the sum of a list of numbers."""
    total = 0
    for number in numbers:
        total += number
    return total


def calculate_sum(numbers):
    """Return the sum of all numbers."""
    return sum(numbers)


# names: product multiply_list calculate_product list_product multiply_all product_of_list
# types: list[float] -> float
# check: f([2, 3, 4]) == 24
def product(numbers):
    """Return the product of a list of numbers."""
    result = 1
    for number in numbers:
        result *= number
    return result


def multiply_all(numbers):
    """Multiply all numbers of a list."""
    return reduce(lambda x, y: x * y, numbers, 1)


# names: find_max maximum find_maximum get_max max_value largest find_largest get_maximum max_of_list biggest
# types: list[float] -> float
# check: f([3, 9, 4]) == 9
# check: f([-3, -9]) == -3
def find_max(numbers):
    """Return the largest number of a list."""
    largest = numbers[0]
    for number in numbers:
        if number > largest:
            largest = number
    return largest


def get_max(numbers):
    """Return the largest number of a list."""
    return max(numbers)


# names: find_min minimum find_minimum get_min min_value smallest find_smallest get_minimum min_of_list
# types: list[float] -> float
# check: f([3, 9, 2]) == 2
def find_min(numbers):
    """Return the smallest number of a list."""
    smallest = numbers[0]
    for number in numbers:
        if number < smallest:
            smallest = number
    return smallest


def get_min(numbers):
    """Return the smallest number of a list."""
    return min(numbers)


# names: min_max find_min_max min_and_max get_min_max
# check: f([3, 9, 2]) == (2, 9)
def min_max(numbers):
    """Return the smallest and the largest number."""
    return min(numbers), max(numbers)


# names: second_largest find_second_largest second_max get_second_largest
# check: f([3, 9, 4, 9]) == 4
def second_largest(numbers):
    """Return the second largest number of a list."""
    unique = sorted(set(numbers))
    return unique[-2]


def find_second_largest(numbers):
    """Find the second largest number."""
    ordered = sorted(set(numbers), reverse=True)
    if len(ordered) < 2:
        return None
    return ordered[1]


# names: reverse_list reverse reversed_list reverse_items get_reversed
# check: f([1, 2, 3]) == [3, 2, 1]
def reverse_list(items):
    """Return a list in reverse order."""
    return items[::-1]


def reversed_list(items):
    """Return a new list with the items reversed."""
    result = []
    for item in items:
        result.insert(0, item)
    return result


# names: remove_duplicates unique dedupe deduplicate unique_items get_unique remove_dupes unique_elements
# check: f([1, 2, 1, 3, 2]) == [1, 2, 3]
def remove_duplicates(items):
    """Remove duplicates from a list and keep the order."""
    seen = set()
    result = []
    for item in items:
        if item not in seen:
            seen.add(item)
            result.append(item)
    return result


def unique(items):
    """Return the items of a list without duplicates."""
    result = []
    for item in items:
        if item not in result:
            result.append(item)
    return result


def dedupe(items):
    """Remove duplicates from a list."""
    return list(dict.fromkeys(items))


# names: has_duplicates contains_duplicates contains_duplicate check_duplicates
# types: list -> bool
# check: f([1, 2, 1]) is True
# check: f([1, 2]) is False
def has_duplicates(items):
    """Check whether a list has duplicates."""
    return len(items) != len(set(items))


def contains_duplicate(items):
    """Return True if any item occurs twice."""
    seen = set()
    for item in items:
        if item in seen:
            return True
        seen.add(item)
    return False


# names: find_duplicates get_duplicates duplicates list_duplicates
# check: f([1, 2, 1, 2, 3, 1]) == [1, 2]
def find_duplicates(items):
    """Return the items that occur more than once."""
    seen = set()
    duplicates = []
    for item in items:
        if item in seen and item not in duplicates:
            duplicates.append(item)
        seen.add(item)
    return duplicates


# names: flatten flatten_list flatten_nested flat flatten_nested_list deep_flatten
# types: list -> list
# check: f([1, [2, [3, 4]], 5]) == [1, 2, 3, 4, 5]
def flatten(items):
    """Flatten a nested list."""
    result = []
    for item in items:
        if isinstance(item, list):
            result.extend(flatten(item))
        else:
            result.append(item)
    return result


# names: flatten_once concat_lists join_lists concatenate_lists flatten_lists
# check: f([[1, 2], [3]]) == [1, 2, 3]
def flatten_once(lists):
    """Join a list of lists to one list."""
    return [item for sublist in lists for item in sublist]


def concat_lists(lists):
    """Concatenate some lists."""
    result = []
    for sublist in lists:
        result.extend(sublist)
    return result


# names: chunks chunk_list split_into_chunks chunk make_chunks split_list batches batch
# check: list(f([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
def chunks(items, size):
    """Yield chunks of a list of a given size."""
    for i in range(0, len(items), size):
        yield items[i:i + size]


def chunk_list(items, size):
    """Split a list into chunks of a given size."""
    return [items[i:i + size] for i in range(0, len(items), size)]


def split_into_chunks(items, size):
    """Split a list into chunks."""
    result = []
    for i in range(0, len(items), size):
        result.append(items[i:i + size])
    return result


# names: rotate_list rotate rotate_left shift_left
# check: f([1, 2, 3, 4], 1) == [2, 3, 4, 1]
def rotate_list(items, k):
    """Rotate a list by k places to the left."""
    if not items:
        return items
    k = k % len(items)
    return items[k:] + items[:k]


# names: filter_even get_even_numbers even_numbers get_evens filter_evens find_even_numbers
# types: list[int] -> list[int]
# check: f([1, 2, 3, 4]) == [2, 4]
def filter_even(numbers):
    """Return the even numbers of a list."""
    return [number for number in numbers if number % 2 == 0]


def get_even_numbers(numbers):
    """Return the even numbers of a list."""
    result = []
    for number in numbers:
        if number % 2 == 0:
            result.append(number)
    return result


# names: filter_odd get_odd_numbers odd_numbers get_odds filter_odds find_odd_numbers
# types: list[int] -> list[int]
# check: f([1, 2, 3, 4]) == [1, 3]
def filter_odd(numbers):
    """Return the odd numbers of a list."""
    return [number for number in numbers if number % 2 != 0]


def get_odd_numbers(numbers):
    """Return the odd numbers of a list."""
    result = []
    for number in numbers:
        if number % 2 == 1:
            result.append(number)
    return result


# names: filter_positive positive_numbers get_positive only_positive keep_positive
# check: f([1, -2, 3, 0]) == [1, 3]
def filter_positive(numbers):
    """Return the positive numbers of a list."""
    return [number for number in numbers if number > 0]


# names: square_list squares square_all square_numbers get_squares
# check: f([1, 2, 3]) == [1, 4, 9]
def square_list(numbers):
    """Return the squares of a list of numbers."""
    return [number ** 2 for number in numbers]


def squares(numbers):
    """Square each number of a list."""
    result = []
    for number in numbers:
        result.append(number * number)
    return result


# names: sum_of_squares sum_squares square_sum
# check: f([1, 2, 3]) == 14
def sum_of_squares(numbers):
    """Return the sum of the squares of some numbers."""
    return sum(number ** 2 for number in numbers)


# names: sum_even sum_of_evens sum_even_numbers sum_of_even_numbers
# check: f([1, 2, 3, 4]) == 6
def sum_even(numbers):
    """Return the sum of the even numbers of a list."""
    return sum(number for number in numbers if number % 2 == 0)


def sum_even_numbers(numbers):
    """Add the even numbers of a list."""
    total = 0
    for number in numbers:
        if number % 2 == 0:
            total += number
    return total


# names: sum_odd sum_of_odds sum_odd_numbers sum_of_odd_numbers
# check: f([1, 2, 3, 4]) == 4
def sum_odd(numbers):
    """Return the sum of the odd numbers of a list."""
    return sum(number for number in numbers if number % 2 == 1)


# names: double_list double_all double_numbers times_two
# check: f([1, 2]) == [2, 4]
def double_list(numbers):
    """Return each number times two."""
    return [number * 2 for number in numbers]


# names: count_even count_evens count_even_numbers
# check: f([1, 2, 4]) == 2
def count_even(numbers):
    """Count the even numbers of a list."""
    count = 0
    for number in numbers:
        if number % 2 == 0:
            count += 1
    return count


# names: count_occurrences count_item occurrences count_value count
# check: f([1, 2, 1], 1) == 2
def count_occurrences(items, target):
    """Count how often a value occurs in a list."""
    count = 0
    for item in items:
        if item == target:
            count += 1
    return count


def occurrences(items, target):
    """Count how often a value occurs."""
    return items.count(target)


# names: find_index index_of find_position get_index position
# check: f([4, 5], 5) == 1
# check: f([4, 5], 6) == -1
def find_index(items, target):
    """Return the index of a value, or -1 if it is not there."""
    for i, item in enumerate(items):
        if item == target:
            return i
    return -1


# names: contains is_in has_item includes
# types: list, int -> bool
# check: f([4, 5], 5) is True
# check: f([4, 5], 6) is False
def contains(items, target):
    """Check whether a list contains a value."""
    for item in items:
        if item == target:
            return True
    return False


# names: swap swap_items swap_elements
# check: f([1, 2, 3], 0, 2) == [3, 2, 1]
def swap(items, i, j):
    """Swap two items of a list."""
    items[i], items[j] = items[j], items[i]
    return items


# names: first_item first get_first head
# check: f([4, 5]) == 4
# check: f([]) is None
def first_item(items):
    """Return the first item, or None if there is none."""
    if not items:
        return None
    return items[0]


# names: last_item last get_last last_element
# check: f([4, 5]) == 5
# check: f([]) is None
def last_item(items):
    """Return the last item, or None if there is none."""
    return items[-1] if items else None


# names: intersection common_elements find_common common_items get_common intersect
# types: list, list -> list
# check: f([1, 2, 3], [2, 3, 4]) == [2, 3]
def intersection(a, b):
    """Return the items that are in both lists."""
    return [x for x in a if x in b]


def common_elements(a, b):
    """Return the common elements of two lists."""
    result = []
    for x in a:
        if x in b:
            result.append(x)
    return result


# names: difference list_difference diff subtract_lists
# check: f([1, 2, 3], [2]) == [1, 3]
def difference(a, b):
    """Return the items of a that are not in b."""
    return [x for x in a if x not in b]


# names: union merge_unique list_union
# check: sorted(f([1, 2], [2, 3])) == [1, 2, 3]
def union(a, b):
    """Return the items of both lists without duplicates."""
    return list(set(a) | set(b))


# names: merge_sorted merge_sorted_lists merge_two_sorted merge
# check: f([1, 4], [2, 3, 5]) == [1, 2, 3, 4, 5]
def merge_sorted(a, b):
    """Merge two sorted lists to one sorted list."""
    result = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            result.append(a[i])
            i += 1
        else:
            result.append(b[j])
            j += 1
    result.extend(a[i:])
    result.extend(b[j:])
    return result


# names: is_sorted check_sorted is_ordered is_ascending
# types: list -> bool
# check: f([1, 2, 2]) is True
# check: f([2, 1]) is False
def is_sorted(items):
    """Check whether a list is sorted."""
    for i in range(len(items) - 1):
        if items[i] > items[i + 1]:
            return False
    return True


def is_ordered(items):
    """Return True if the items are in order."""
    return all(items[i] <= items[i + 1] for i in range(len(items) - 1))


# names: two_sum find_two_sum find_pair pair_with_sum
# check: f([2, 7, 11], 9) == [0, 1]
def two_sum(numbers, target):
    """Return the indices of two numbers that add up to the target."""
    seen = {}
    for i, number in enumerate(numbers):
        if target - number in seen:
            return [seen[target - number], i]
        seen[number] = i
    return None


# names: max_subarray max_subarray_sum maximum_subarray kadane
# check: f([-2, 1, -3, 4, -1, 2, 1, -5]) == 6
def max_subarray(numbers):
    """Return the largest sum of a contiguous part of a list."""
    best = current = numbers[0]
    for number in numbers[1:]:
        current = max(number, current + number)
        best = max(best, current)
    return best


# names: move_zeros move_zeroes zeros_to_end
# check: f([0, 1, 0, 3]) == [1, 3, 0, 0]
def move_zeros(numbers):
    """Move all zeros to the end of a list."""
    result = [x for x in numbers if x != 0]
    return result + [0] * (len(numbers) - len(result))


# names: missing_number find_missing find_missing_number
# check: f([0, 1, 3]) == 2
def missing_number(numbers):
    """Return the number that is missing from 0 to n."""
    n = len(numbers)
    return n * (n + 1) // 2 - sum(numbers)


# names: pairs all_pairs get_pairs make_pairs
# check: f([1, 2, 3]) == [(1, 2), (1, 3), (2, 3)]
def pairs(items):
    """Return all pairs of a list."""
    result = []
    for i in range(len(items)):
        for j in range(i + 1, len(items)):
            result.append((items[i], items[j]))
    return result


# names: zip_lists pair_up combine_lists
# check: f([1, 2], ["a", "b"]) == [(1, "a"), (2, "b")]
def zip_lists(a, b):
    """Pair the items of two lists."""
    return list(zip(a, b))


# names: add_lists add_vectors vector_add sum_lists
# check: f([1, 2], [3, 4]) == [4, 6]
def add_lists(a, b):
    """Add two lists of numbers item by item."""
    return [x + y for x, y in zip(a, b)]


# names: dot_product dot inner_product scalar_product
# types: list[float], list[float] -> float
# check: f([1, 2], [3, 4]) == 11
def dot_product(a, b):
    """Return the dot product of two vectors."""
    return sum(x * y for x, y in zip(a, b))


# names: partition split_by separate
# check: f([1, 2, 3], lambda x: x > 1) == ([2, 3], [1])
def partition(items, predicate):
    """Split a list by whether the items satisfy a predicate."""
    yes = []
    no = []
    for item in items:
        if predicate(item):
            yes.append(item)
        else:
            no.append(item)
    return yes, no


# names: shuffle shuffled shuffle_list
# check: sorted(f([1, 2, 3])) == [1, 2, 3]
def shuffle(items):
    """Return a shuffled copy of a list."""
    result = list(items)
    random.shuffle(result)
    return result


# names: pick_random random_item choose random_choice random_element
# check: f([7]) == 7
def pick_random(items):
    """Return a random item of a list."""
    return random.choice(items)


# names: take first_n take_first
# check: f([1, 2, 3], 2) == [1, 2]
def take(items, n):
    """Return the first n items of a list."""
    return items[:n]


# names: top_n largest_n n_largest top_k
# check: f([3, 9, 4], 2) == [9, 4]
def top_n(numbers, n):
    """Return the n largest numbers."""
    return sorted(numbers, reverse=True)[:n]


# names: all_equal all_same are_equal
# check: f([1, 1]) is True
# check: f([1, 2]) is False
def all_equal(items):
    """Check whether all items are equal."""
    return all(item == items[0] for item in items)


# names: run_length_encode rle run_lengths
# check: f("aab") == [("a", 2), ("b", 1)]
def run_length_encode(items):
    """Return each run of equal items with its length."""
    return [(key, len(list(group))) for key, group in groupby(items)]


# names: sliding_window windows sliding_windows
# check: f([1, 2, 3], 2) == [[1, 2], [2, 3]]
def sliding_window(items, size):
    """Return all windows of a given size."""
    return [items[i:i + size] for i in range(len(items) - size + 1)]


# names: permutations get_permutations permute all_permutations
# check: sorted(f([1, 2, 3])) == [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]
def permutations(items):
    """Return all permutations of a list."""
    if len(items) <= 1:
        return [items]
    result = []
    for i in range(len(items)):
        rest = items[:i] + items[i + 1:]
        for p in permutations(rest):
            result.append([items[i]] + p)
    return result


# names: subsets powerset power_set all_subsets get_subsets
# check: sorted(f([1, 2])) == [[], [1], [1, 2], [2]]
def subsets(items):
    """Return all subsets of a list."""
    result = [[]]
    for item in items:
        result += [subset + [item] for subset in result]
    return result
