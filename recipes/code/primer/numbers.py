"""Numbers."""

import math
import random

# names: add add_numbers add_two_numbers sum_two plus addition
# types: int, int -> int
# check: f(2, 3) == 5
def add(a, b):
    """Return the sum of two numbers."""
    return a + b


# names: subtract minus subtract_numbers subtraction
# types: int, int -> int
# check: f(5, 3) == 2
def subtract(a, b):
    """Return the difference of two numbers."""
    return a - b


# names: multiply times multiply_numbers multiplication
# types: int, int -> int
# check: f(5, 3) == 15
def multiply(a, b):
    """Return the product of two numbers."""
    return a * b


# names: divide safe_divide division divide_numbers
# types: float, float -> float
# check: f(6, 3) == 2
def divide(a, b):
    """Divide a by b."""
    if b == 0:
        raise ValueError("cannot divide by zero")
    return a / b


def safe_divide(a, b):
    """Divide a by b, or return None if b is zero."""
    try:
        return a / b
    except ZeroDivisionError:
        return None


def division(a, b):
    """Divide two numbers."""
    if b == 0:
        return None
    return a / b


# names: square square_number squared
# types: int -> int
# check: f(3) == 9
def square(x):
    """Return the square of a number."""
    return x * x


def squared(n):
    """Return the square of a number."""
    return n ** 2


# names: cube cubed cube_number
# check: f(3) == 27
def cube(x):
    """Return the cube of a number."""
    return x ** 3


# names: power pow raise_to exponentiate
# check: f(2, 5) == 32
def power(base, exponent):
    """Return base to the power of exponent."""
    result = 1
    for _ in range(exponent):
        result *= base
    return result


def raise_to(base, exponent):
    """Raise a number to a power."""
    return base ** exponent


# names: is_even even check_even is_number_even
# types: int -> bool
# check: f(4) is True
# check: f(3) is False
def is_even(n):
    """Check whether a number is even."""
    return n % 2 == 0


def even(n):
    """Return True if n is even."""
    if n % 2 == 0:
        return True
    return False


# names: is_odd odd check_odd is_number_odd
# types: int -> bool
# check: f(4) is False
# check: f(3) is True
def is_odd(n):
    """Check whether a number is odd."""
    return n % 2 != 0


def odd(n):
    """Return True if n is odd."""
    return n % 2 == 1


# names: even_or_odd odd_or_even parity check_parity
# check: f(4) == "even"
# check: f(3) == "odd"
def even_or_odd(n):
    """Say whether a number is even or odd."""
    if n % 2 == 0:
        return "even"
    else:
        return "odd"


# names: is_positive positive check_positive
# check: f(4) is True
# check: f(-3) is False
def is_positive(n):
    """Check whether a number is positive."""
    return n > 0


# names: is_negative negative check_negative
# check: f(4) is False
# check: f(-3) is True
def is_negative(n):
    """Check whether a number is negative."""
    return n < 0


# names: sign get_sign signum
# check: [f(4), f(-3), f(0)] == [1, -1, 0]
def sign(x):
    """Return 1, -1 or 0 by the sign of a number."""
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0


# names: absolute absolute_value abs_value get_absolute
# check: f(-3) == 3
# check: f(3) == 3
def absolute(x):
    """Return the absolute value of a number."""
    if x < 0:
        return -x
    return x


# names: max_of_two maximum_of_two larger bigger max_two
# check: f(2, 3) == 3
# check: f(3, 2) == 3
def max_of_two(a, b):
    """Return the larger of two numbers."""
    if a > b:
        return a
    return b


# names: min_of_two minimum_of_two smaller min_two
# check: f(2, 3) == 2
def min_of_two(a, b):
    """Return the smaller of two numbers."""
    return a if a < b else b


# names: max_of_three maximum_of_three largest_of_three max_three
# check: f(2, 9, 3) == 9
def max_of_three(a, b, c):
    """Return the largest of three numbers."""
    if a >= b and a >= c:
        return a
    elif b >= c:
        return b
    else:
        return c


def largest_of_three(a, b, c):
    """Return the largest of three numbers."""
    return max(a, b, c)


# names: clamp clip limit bound
# types: float, float, float -> float
# check: [f(5, 0, 3), f(-1, 0, 3), f(2, 0, 3)] == [3, 0, 2]
def clamp(value, low, high):
    """Limit a value to a range."""
    return max(low, min(value, high))


def clip(value, low, high):
    """Keep a value between low and high."""
    if value < low:
        return low
    if value > high:
        return high
    return value


# names: factorial fact compute_factorial calculate_factorial get_factorial factorial_of
# types: int -> int
# check: [f(0), f(1), f(5)] == [1, 1, 120]
def factorial(n):
    """Return the factorial of n."""
    if n <= 1:
        return 1
    return n * factorial(n - 1)


def fact(n):
    """Return the factorial of n."""
    if n == 0:
        return 1
    return n * fact(n - 1)


def compute_factorial(n):
    """Compute the factorial of n."""
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def calculate_factorial(n):
    """Calculate the factorial of a number."""
    result = 1
    for i in range(1, n + 1):
        result *= i
    return result


# names: fibonacci fib nth_fibonacci get_fibonacci calculate_fibonacci fibonacci_number compute_fibonacci
# types: int -> int
# check: [f(0), f(1), f(2), f(10)] == [0, 1, 1, 55]
def fibonacci(n):
    """Return the n-th Fibonacci number."""
    if n <= 1:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def fib(n):
    """Return the n-th Fibonacci number."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def nth_fibonacci(n):
    """Return the n-th Fibonacci number."""
    if n == 0:
        return 0
    if n == 1:
        return 1
    return nth_fibonacci(n - 1) + nth_fibonacci(n - 2)


# names: fibonacci_sequence fibonacci_list generate_fibonacci fibonacci_series first_fibonacci fibonacci_numbers
# types: int -> list[int]
# check: list(f(6)) == [0, 1, 1, 2, 3, 5]
def fibonacci_sequence(n):
    """Return the first n Fibonacci numbers."""
    result = []
    a, b = 0, 1
    for _ in range(n):
        result.append(a)
        a, b = b, a + b
    return result


def generate_fibonacci(n):
    """Yield the first n Fibonacci numbers."""
    a, b = 0, 1
    for _ in range(n):
        yield a
        a, b = b, a + b


# names: is_prime prime check_prime is_prime_number isprime test_prime
# types: int -> bool
# check: [n for n in range(30) if f(n)] == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
# check: f(25) is False
def is_prime(n):
    """Check whether a number is prime."""
    if n < 2:
        return False
    for i in range(2, int(n ** 0.5) + 1):
        if n % i == 0:
            return False
    return True


def check_prime(n):
    """Return True if n is a prime number."""
    if n <= 1:
        return False
    for i in range(2, int(math.sqrt(n)) + 1):
        if n % i == 0:
            return False
    return True


def prime(n):
    """Return True if n is prime."""
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


# names: sieve primes_up_to sieve_of_eratosthenes get_primes find_primes generate_primes prime_numbers list_primes
# types: int -> list[int]
# check: f(20) == [2, 3, 5, 7, 11, 13, 17, 19]
def sieve_of_eratosthenes(n):
    """Return all primes up to n."""
    sieve = [True] * (n + 1)
    sieve[0] = sieve[1] = False
    for i in range(2, int(n ** 0.5) + 1):
        if sieve[i]:
            for j in range(i * i, n + 1, i):
                sieve[j] = False
    return [i for i in range(n + 1) if sieve[i]]


def primes_up_to(n):
    """Return the prime numbers up to n."""
    primes = []
    for number in range(2, n + 1):
        for p in primes:
            if number % p == 0:
                break
        else:
            primes.append(number)
    return primes


# names: prime_factors factorize get_prime_factors factor prime_factorization
# types: int -> list[int]
# check: f(60) == [2, 2, 3, 5]
# check: f(7) == [7]
def prime_factors(n):
    """Return the prime factors of n."""
    factors = []
    divisor = 2
    while divisor * divisor <= n:
        while n % divisor == 0:
            factors.append(divisor)
            n //= divisor
        divisor += 1
    if n > 1:
        factors.append(n)
    return factors


# names: divisors get_divisors find_divisors factors get_factors find_factors
# types: int -> list[int]
# check: f(6) == [1, 2, 3, 6]
def divisors(n):
    """Return all divisors of n."""
    return [i for i in range(1, n + 1) if n % i == 0]


def find_factors(n):
    """Find the factors of a number."""
    factors = []
    for i in range(1, n + 1):
        if n % i == 0:
            factors.append(i)
    return factors


# names: gcd greatest_common_divisor compute_gcd find_gcd calculate_gcd euclid
# types: int, int -> int
# check: f(12, 18) == 6
# check: f(7, 0) == 7
def gcd(a, b):
    """Return the greatest common divisor of a and b."""
    while b:
        a, b = b, a % b
    return a


def greatest_common_divisor(a, b):
    """Return the greatest common divisor of two numbers."""
    if b == 0:
        return a
    return greatest_common_divisor(b, a % b)


def compute_gcd(a, b):
    """Compute the greatest common divisor."""
    while b != 0:
        a, b = b, a % b
    return a


# names: lcm least_common_multiple compute_lcm find_lcm calculate_lcm
# types: int, int -> int
# check: f(4, 6) == 12
def lcm(a, b):
    """Return the least common multiple of a and b."""
    return a * b // math.gcd(a, b)


def least_common_multiple(a, b):
    """Return the least common multiple of two numbers."""
    return abs(a * b) // math.gcd(a, b)


# names: sum_of_digits digit_sum sum_digits add_digits calculate_digit_sum
# types: int -> int
# check: f(1234) == 10
def sum_of_digits(n):
    """Return the sum of the digits of a number."""
    return sum(int(digit) for digit in str(n))


def digit_sum(n):
    """Return the sum of the digits of n."""
    total = 0
    while n > 0:
        total += n % 10
        n //= 10
    return total


# names: count_digits number_of_digits digit_count num_digits
# types: int -> int
# check: f(1234) == 4
def count_digits(n):
    """Count the digits of a number."""
    return len(str(abs(n)))


def number_of_digits(n):
    """Return how many digits a number has."""
    count = 0
    while n > 0:
        n //= 10
        count += 1
    return count


# names: reverse_number reverse_int reverse_integer reverse_digits
# types: int -> int
# check: f(123) == 321
def reverse_number(n):
    """Reverse the digits of a number."""
    return int(str(n)[::-1])


def reverse_digits(n):
    """Reverse the digits of a number."""
    result = 0
    while n > 0:
        result = result * 10 + n % 10
        n //= 10
    return result


# names: is_perfect is_perfect_number perfect_number check_perfect
# types: int -> bool
# check: [n for n in range(2, 30) if f(n)] == [6, 28]
def is_perfect(n):
    """Check whether a number is the sum of its proper divisors."""
    return sum(i for i in range(1, n) if n % i == 0) == n


# names: is_perfect_square is_square perfect_square check_square
# types: int -> bool
# check: f(16) is True
# check: f(15) is False
def is_perfect_square(n):
    """Check whether a number is a perfect square."""
    root = math.isqrt(n)
    return root * root == n


# names: is_power_of_two power_of_two is_pow2 check_power_of_two
# types: int -> bool
# check: [n for n in range(1, 10) if f(n)] == [1, 2, 4, 8]
def is_power_of_two(n):
    """Check whether a number is a power of two."""
    return n > 0 and n & (n - 1) == 0


# names: is_armstrong is_armstrong_number armstrong check_armstrong
# check: f(153) is True
# check: f(154) is False
def is_armstrong(n):
    """Check whether a number is the sum of its digits to the power of their count."""
    digits = str(n)
    return sum(int(d) ** len(digits) for d in digits) == n


# names: is_leap_year leap_year check_leap_year is_leap leap
# types: int -> bool
# check: [f(2000), f(1900), f(2024), f(2023)] == [True, False, True, False]
def is_leap_year(year):
    """Check whether a year is a leap year."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def leap_year(year):
    """Return True if a year is a leap year."""
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0


# names: fizzbuzz fizz_buzz fizzbuzz_list
# check: f(5) == ["1", "2", "Fizz", "4", "Buzz"]
def fizzbuzz(n):
    """Return the words of FizzBuzz up to n."""
    result = []
    for i in range(1, n + 1):
        if i % 15 == 0:
            result.append("FizzBuzz")
        elif i % 3 == 0:
            result.append("Fizz")
        elif i % 5 == 0:
            result.append("Buzz")
        else:
            result.append(str(i))
    return result


# names: print_fizzbuzz show_fizzbuzz play_fizzbuzz
# check: f(1) is None
def print_fizzbuzz(n):
    """Print FizzBuzz up to n."""
    for i in range(1, n + 1):
        if i % 15 == 0:
            print("FizzBuzz")
        elif i % 3 == 0:
            print("Fizz")
        elif i % 5 == 0:
            print("Buzz")
        else:
            print(i)


# names: collatz collatz_sequence hailstone collatz_steps
# check: f(6) == [6, 3, 10, 5, 16, 8, 4, 2, 1]
def collatz(n):
    """Return the Collatz sequence from n."""
    sequence = [n]
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        sequence.append(n)
    return sequence


# names: sum_to_n sum_up_to sum_of_first_n sum_first_n triangular_number
# types: int -> int
# check: f(10) == 55
def sum_to_n(n):
    """Return the sum of the numbers from 1 to n."""
    return n * (n + 1) // 2


def sum_up_to(n):
    """Add the numbers from 1 to n."""
    total = 0
    for i in range(1, n + 1):
        total += i
    return total


# names: celsius_to_fahrenheit c_to_f to_fahrenheit convert_to_fahrenheit convert_celsius_to_fahrenheit
# types: float -> float
# check: f(100) == 212
# check: f(0) == 32
def celsius_to_fahrenheit(celsius):
    """Convert Celsius to Fahrenheit."""
    return celsius * 9 / 5 + 32


# names: fahrenheit_to_celsius f_to_c to_celsius convert_to_celsius convert_fahrenheit_to_celsius
# types: float -> float
# check: f(212) == 100
# check: f(32) == 0
def fahrenheit_to_celsius(fahrenheit):
    """Convert Fahrenheit to Celsius."""
    return (fahrenheit - 32) * 5 / 9


# names: celsius_to_kelvin c_to_k to_kelvin
# types: float -> float
# check: f(0) == 273.15
def celsius_to_kelvin(celsius):
    """Convert Celsius to Kelvin."""
    return celsius + 273.15


# names: km_to_miles kilometers_to_miles convert_km_to_miles to_miles
# types: float -> float
# check: abs(f(10) - 6.21) < 0.01
def km_to_miles(km):
    """Convert kilometers to miles."""
    return km * 0.621371


# names: miles_to_km miles_to_kilometers convert_miles_to_km to_km
# types: float -> float
# check: abs(f(10) - 16.09) < 0.01
def miles_to_km(miles):
    """Convert miles to kilometers."""
    return miles * 1.60934


# names: degrees_to_radians deg_to_rad to_radians
# check: abs(f(180) - 3.14159) < 0.001
def degrees_to_radians(degrees):
    """Convert degrees to radians."""
    return degrees * math.pi / 180


# names: circle_area area_of_circle calculate_circle_area get_circle_area
# types: float -> float
# check: abs(f(1) - 3.14159) < 0.001
def circle_area(radius):
    """Return the area of a circle."""
    return math.pi * radius ** 2


# names: circumference circle_circumference circle_perimeter calculate_circumference
# types: float -> float
# check: abs(f(1) - 6.28318) < 0.001
def circumference(radius):
    """Return the circumference of a circle."""
    return 2 * math.pi * radius


# names: rectangle_area area area_of_rectangle calculate_area calculate_rectangle_area
# types: float, float -> float
# check: f(2, 3) == 6
def rectangle_area(width, height):
    """Return the area of a rectangle."""
    return width * height


# names: rectangle_perimeter perimeter calculate_perimeter perimeter_of_rectangle
# types: float, float -> float
# check: f(2, 3) == 10
def rectangle_perimeter(width, height):
    """Return the perimeter of a rectangle."""
    return 2 * (width + height)


# names: triangle_area area_of_triangle calculate_triangle_area
# types: float, float -> float
# check: f(4, 3) == 6
def triangle_area(base, height):
    """Return the area of a triangle."""
    return base * height / 2


# names: sphere_volume volume_of_sphere calculate_sphere_volume
# check: abs(f(1) - 4.18879) < 0.001
def sphere_volume(radius):
    """Return the volume of a sphere."""
    return 4 / 3 * math.pi * radius ** 3


# names: cylinder_volume volume_of_cylinder
# check: abs(f(1, 2) - 6.28318) < 0.001
def cylinder_volume(radius, height):
    """Return the volume of a cylinder."""
    return math.pi * radius ** 2 * height


# names: hypotenuse calculate_hypotenuse pythagoras pythagorean
# types: float, float -> float
# check: f(3, 4) == 5
def hypotenuse(a, b):
    """Return the length of the hypotenuse."""
    return math.sqrt(a ** 2 + b ** 2)


# names: distance euclidean_distance calculate_distance distance_between get_distance
# check: f(0, 0, 3, 4) == 5
def distance(x1, y1, x2, y2):
    """Return the distance between two points."""
    return math.sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2)


# names: point_distance dist euclidean_dist points_distance
# check: f((0, 0), (3, 4)) == 5
def point_distance(p, q):
    """Return the distance between two points."""
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(p, q)))


# names: manhattan_distance taxicab_distance city_block_distance
# check: f((0, 0), (3, 4)) == 7
def manhattan_distance(p, q):
    """Return the Manhattan distance between two points."""
    return sum(abs(a - b) for a, b in zip(p, q))


# names: slope calculate_slope get_slope
# check: f(0, 0, 2, 4) == 2
def slope(x1, y1, x2, y2):
    """Return the slope of the line through two points."""
    return (y2 - y1) / (x2 - x1)


# names: solve_quadratic quadratic quadratic_roots quadratic_formula find_roots
# check: sorted(f(1, -3, 2)) == [1, 2]
def solve_quadratic(a, b, c):
    """Return the real roots of a quadratic equation."""
    discriminant = b ** 2 - 4 * a * c
    if discriminant < 0:
        return []
    root = math.sqrt(discriminant)
    return [(-b - root) / (2 * a), (-b + root) / (2 * a)]


# names: simple_interest calculate_simple_interest interest calculate_interest
# types: float, float, float -> float
# check: f(1000, 5, 2) == 100
def simple_interest(principal, rate, time):
    """Return the simple interest."""
    return principal * rate * time / 100


# names: compound_interest calculate_compound_interest
# types: float, float, int -> float
# check: abs(f(1000, 10, 2) - 1210) < 1e-6
def compound_interest(principal, rate, years):
    """Return the amount after some years of compound interest."""
    return principal * (1 + rate / 100) ** years


# names: apply_discount discount discounted_price calculate_discount
# types: float, float -> float
# check: f(200, 25) == 150
def apply_discount(price, percent):
    """Return a price after a discount in percent."""
    return price - price * percent / 100


# names: add_tax price_with_tax calculate_tax total_with_tax
# check: f(100, 20) == 120
def add_tax(price, rate):
    """Return a price with tax."""
    return price + price * rate / 100


# names: calculate_bmi bmi body_mass_index compute_bmi get_bmi
# types: float, float -> float
# check: abs(f(70, 1.75) - 22.857) < 0.01
def calculate_bmi(weight, height):
    """Return the body mass index."""
    return weight / height ** 2


# names: get_grade grade letter_grade calculate_grade score_to_grade
# types: int -> str
# check: [f(95), f(85), f(75), f(65), f(10)] == ["A", "B", "C", "D", "F"]
def get_grade(score):
    """Return the grade of a score."""
    if score >= 90:
        return "A"
    elif score >= 80:
        return "B"
    elif score >= 70:
        return "C"
    elif score >= 60:
        return "D"
    else:
        return "F"


# names: to_binary decimal_to_binary int_to_binary binary convert_to_binary
# types: int -> str
# check: f(10) == "1010"
# check: f(0) == "0"
def to_binary(n):
    """Return a number in binary."""
    if n == 0:
        return "0"
    result = ""
    while n > 0:
        result = str(n % 2) + result
        n //= 2
    return result


def int_to_binary(n):
    """Return a number in binary."""
    return bin(n)[2:]


# names: binary_to_decimal from_binary binary_to_int parse_binary
# types: str -> int
# check: f("1010") == 10
def binary_to_decimal(binary):
    """Return the number that a binary string stands for."""
    return int(binary, 2)


def from_binary(binary):
    """Convert a binary string to a number."""
    result = 0
    for digit in binary:
        result = result * 2 + int(digit)
    return result


# names: to_hex decimal_to_hex int_to_hex
# check: f(255) == "ff"
def to_hex(n):
    """Return a number in hexadecimal."""
    return hex(n)[2:]


# names: to_roman int_to_roman number_to_roman decimal_to_roman
# types: int -> str
# check: f(1994) == "MCMXCIV"
def to_roman(n):
    """Convert a number to a Roman numeral."""
    values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1]
    symbols = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]
    result = ""
    for value, symbol in zip(values, symbols):
        while n >= value:
            result += symbol
            n -= value
    return result


# names: from_roman roman_to_int roman_to_number roman_to_decimal
# types: str -> int
# check: f("MCMXCIV") == 1994
def from_roman(text):
    """Convert a Roman numeral to a number."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    previous = 0
    for char in reversed(text):
        value = values[char]
        if value < previous:
            total -= value
        else:
            total += value
        previous = value
    return total


# names: binomial combinations choose n_choose_k binomial_coefficient
# types: int, int -> int
# check: f(5, 2) == 10
def binomial(n, k):
    """Return how many ways there are to choose k of n."""
    return math.factorial(n) // (math.factorial(k) * math.factorial(n - k))


# names: sqrt square_root newton_sqrt my_sqrt
# check: abs(f(9) - 3) < 1e-6
def square_root(x):
    """Return the square root of a number by Newton's method."""
    guess = x / 2
    for _ in range(50):
        guess = (guess + x / guess) / 2
    return guess


# names: power_mod mod_pow modular_power
# check: f(3, 4, 5) == 1
def power_mod(base, exponent, modulus):
    """Return base to the power of exponent, modulo modulus."""
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent % 2 == 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent //= 2
    return result


# names: roll_dice roll_die throw_dice roll
# check: 1 <= f() <= 6
def roll_dice():
    """Roll a die."""
    return random.randint(1, 6)


# names: flip_coin toss_coin coin_flip
# check: f() in ("heads", "tails")
def flip_coin():
    """Flip a coin."""
    return random.choice(["heads", "tails"])


# names: estimate_pi monte_carlo_pi approximate_pi
# check: 2.5 < f(1000) < 3.8
def estimate_pi(n):
    """Estimate pi by n random points."""
    inside = 0
    for _ in range(n):
        x = random.random()
        y = random.random()
        if x * x + y * y <= 1:
            inside += 1
    return 4 * inside / n


# names: multiplication_table times_table make_table
# check: f(2) == [[1, 2], [2, 4]]
def multiplication_table(n):
    """Return the multiplication table up to n."""
    return [[i * j for j in range(1, n + 1)] for i in range(1, n + 1)]


# names: calculate calculator compute
# check: f(6, 3, "+") == 9
# check: f(6, 3, "/") == 2
def calculate(a, b, operator):
    """Apply an operator to two numbers."""
    if operator == "+":
        return a + b
    if operator == "-":
        return a - b
    if operator == "*":
        return a * b
    if operator == "/":
        return a / b
    raise ValueError(f"unknown operator: {operator}")
