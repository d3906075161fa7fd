"""Kinds that the model never sees: what it makes of them is measured."""

# names: sum_of_cubes
# check: f([1, 2, 3]) == 36
def sum_of_cubes(numbers):
    """Return the sum of the cubes of some numbers."""
    return sum(number ** 3 for number in numbers)


# names: count_consonants
# check: f("hello") == 3
def count_consonants(text):
    """Count the consonants of a text."""
    return sum(1 for char in text.lower() if char.isalpha() and char not in "aeiou")


# names: negative_numbers
# check: f([1, -2, -3]) == [-2, -3]
def negative_numbers(numbers):
    """Return the negative numbers of a list."""
    return [number for number in numbers if number < 0]


# names: count_odd
# check: f([1, 2, 3]) == 2
def count_odd(numbers):
    """Count the odd numbers of a list."""
    return sum(1 for number in numbers if number % 2 == 1)


# names: triple_list
# check: f([1, 2]) == [3, 6]
def triple_list(numbers):
    """Return each number times three."""
    return [number * 3 for number in numbers]


# names: shortest_word
# check: f("aa b ccc") == "b"
def shortest_word(text):
    """Return the shortest word of a text."""
    return min(text.split(), key=len)


# names: is_divisible
# check: f(6, 3) is True
# check: f(7, 3) is False
def is_divisible(a, b):
    """Check whether a is divisible by b."""
    return a % b == 0


# names: cube_volume
# check: f(3) == 27
def cube_volume(side):
    """Return the volume of a cube."""
    return side ** 3


# names: square_perimeter
# check: f(3) == 12
def square_perimeter(side):
    """Return the perimeter of a square."""
    return 4 * side


# names: kelvin_to_celsius
# check: f(273.15) == 0
def kelvin_to_celsius(kelvin):
    """Convert Kelvin to Celsius."""
    return kelvin - 273.15


# names: meters_to_feet
# check: abs(f(10) - 32.8) < 0.1
def meters_to_feet(meters):
    """Convert meters to feet."""
    return meters * 3.28084


# names: hours_to_minutes
# check: f(2) == 120
def hours_to_minutes(hours):
    """Convert hours to minutes."""
    return hours * 60


# names: product_of_digits
# check: f(234) == 24
def product_of_digits(n):
    """Return the product of the digits of a number."""
    result = 1
    for digit in str(n):
        result *= int(digit)
    return result


# names: count_uppercase
# check: f("aBC") == 2
def count_uppercase(text):
    """Count the upper-case letters of a text."""
    return sum(1 for char in text if char.isupper())


# names: count_spaces
# check: f("a b c") == 2
def count_spaces(text):
    """Count the spaces of a text."""
    return text.count(" ")


# names: remove_digits
# check: f("a1b2") == "ab"
def remove_digits(text):
    """Remove the digits of a text."""
    return "".join(char for char in text if not char.isdigit())


# names: last_word
# check: f("one two") == "two"
def last_word(text):
    """Return the last word of a text."""
    return text.split()[-1]


# names: longest_line
# check: f("a\nbbb\ncc") == "bbb"
def longest_line(text):
    """Return the longest line of a text."""
    return max(text.split("\n"), key=len)


# names: average_word_length
# check: f("aa bbbb") == 3
def average_word_length(text):
    """Return the average length of the words of a text."""
    words = text.split()
    return sum(len(word) for word in words) / len(words)


# names: sum_of_divisors
# check: f(6) == 12
def sum_of_divisors(n):
    """Return the sum of the divisors of a number."""
    return sum(i for i in range(1, n + 1) if n % i == 0)


# names: count_primes
# check: f(10) == 4
def count_primes(n):
    """Count the primes up to n."""
    return sum(1 for i in range(2, n + 1) if all(i % j for j in range(2, i)))


# names: count_greater_than
# check: f([1, 5, 7], 4) == 2
def count_greater_than(numbers, limit):
    """Count the numbers that are greater than a limit."""
    return sum(1 for number in numbers if number > limit)


# names: remove_item
# check: f([1, 2, 1], 1) == [2]
def remove_item(items, target):
    """Return a list without a value."""
    return [item for item in items if item != target]


# names: max_value_of_dict
# check: f({"a": 1, "b": 3}) == 3
def max_value_of_dict(d):
    """Return the largest value of a dictionary."""
    return max(d.values())


# names: average_of_values
# check: f({"a": 1, "b": 3}) == 2
def average_of_values(d):
    """Return the average of the values of a dictionary."""
    return sum(d.values()) / len(d)


# names: subtract_matrices
# check: f([[3, 4]], [[1, 1]]) == [[2, 3]]
def subtract_matrices(a, b):
    """Subtract two matrices."""
    return [[x - y for x, y in zip(row_a, row_b)] for row_a, row_b in zip(a, b)]


# names: max_of_matrix
# check: f([[3, 9], [4, 1]]) == 9
def max_of_matrix(matrix):
    """Return the largest number of a matrix."""
    return max(max(row) for row in matrix)


# names: third_largest
# check: f([1, 5, 3, 4]) == 3
def third_largest(numbers):
    """Return the third largest number of a list."""
    return sorted(set(numbers))[-3]


# names: starts_with_vowel
# check: f("apple") is True
# check: f("pear") is False
def starts_with_vowel(word):
    """Check whether a word starts with a vowel."""
    return word[0].lower() in "aeiou"


# names: every_second
# check: f([1, 2, 3]) == [1, 3]
def every_second(items):
    """Return every second item of a list."""
    return items[::2]
