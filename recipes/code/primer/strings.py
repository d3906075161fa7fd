"""Text."""

import random
import re
import string
from collections import Counter

# names: reverse_string reverse reverse_text reversed_string string_reverse reverse_str reverse_word
# types: str -> str
# check: f("abc") == "cba"
def reverse_string(text):
    """Return a string in reverse."""
    return text[::-1]


def reverse_text(text):
    """Reverse a string."""
    result = ""
    for char in text:
        result = char + result
    return result


def reversed_string(text):
    """Return the reverse of a string."""
    return "".join(reversed(text))


# names: is_palindrome palindrome check_palindrome ispalindrome is_a_palindrome
# types: str -> bool
# check: f("level") is True
# check: f("hello") is False
def is_palindrome(text):
    """Check whether a string is a palindrome."""
    return text == text[::-1]


def check_palindrome(text):
    """Return True if a text is a palindrome."""
    text = text.lower().replace(" ", "")
    return text == text[::-1]


def palindrome(text):
    """Check whether a text reads the same backwards."""
    cleaned = "".join(char.lower() for char in text if char.isalnum())
    return cleaned == cleaned[::-1]


def ispalindrome(text):
    """Check whether a string is a palindrome."""
    left, right = 0, len(text) - 1
    while left < right:
        if text[left] != text[right]:
            return False
        left += 1
        right -= 1
    return True


# names: count_vowels vowels number_of_vowels vowel_count get_vowel_count
# types: str -> int
# check: f("Hello") == 2
def count_vowels(text):
    """Count the vowels of a text."""
    count = 0
    for char in text.lower():
        if char in "aeiou":
            count += 1
    return count


def vowel_count(text):
    """Return how many vowels a text has."""
    return sum(1 for char in text.lower() if char in "aeiou")


# names: remove_vowels strip_vowels without_vowels delete_vowels
# types: str -> str
# check: f("hello") == "hll"
def remove_vowels(text):
    """Remove the vowels of a text."""
    return "".join(char for char in text if char not in "aeiouAEIOU")


# names: count_words word_count number_of_words get_word_count words_in_text
# types: str -> int
# check: f("one two  three") == 3
def count_words(text):
    """Return the number of words of a text."""
    return len(text.split())


def word_count(text):
    """Count the words of a text."""
    words = text.split()
    return len(words)


# names: word_frequency word_frequencies count_word_frequency word_counts frequency get_word_counts count_each_word
# types: str -> dict[str, int]
# check: f("a b a") == {"a": 2, "b": 1}
def word_frequency(text):
    """Count how often each word occurs in a text."""
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def word_counts(text):
    """Return how often each word occurs."""
    counts = {}
    for word in text.lower().split():
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return counts


def word_frequencies(text):
    """Count the words of a text."""
    return Counter(text.lower().split())


# names: char_frequency count_characters character_count letter_frequency count_letters char_count letter_counts
# types: str -> dict[str, int]
# check: f("aab") == {"a": 2, "b": 1}
def char_frequency(text):
    """Count how often each character occurs."""
    counts = {}
    for char in text:
        counts[char] = counts.get(char, 0) + 1
    return counts


def count_characters(text):
    """Count the characters of a text."""
    counts = {}
    for char in text:
        if char in counts:
            counts[char] += 1
        else:
            counts[char] = 1
    return counts


# names: count_char count_letter char_occurrences count_character
# types: str, str -> int
# check: f("banana", "a") == 3
def count_char(text, char):
    """Count how often a character occurs in a text."""
    count = 0
    for c in text:
        if c == char:
            count += 1
    return count


# names: most_common_char most_frequent_char most_common_letter
# check: f("banana") == "a"
def most_common_char(text):
    """Return the character that occurs most often."""
    return max(set(text), key=text.count)


# names: most_common_words top_words common_words frequent_words
# check: f("a b a", 1) == [("a", 2)]
def most_common_words(text, n):
    """Return the n most common words of a text."""
    words = text.lower().split()
    return Counter(words).most_common(n)


# names: capitalize_words title_case capitalize_each_word to_title capitalize_all
# types: str -> str
# check: f("hello world") == "Hello World"
def capitalize_words(text):
    """Capitalize each word of a text."""
    return " ".join(word.capitalize() for word in text.split())


# names: capitalize capitalize_first upper_first capitalize_string
# types: str -> str
# check: f("hello") == "Hello"
# check: f("") == ""
def capitalize(text):
    """Make the first letter of a text upper case."""
    if not text:
        return text
    return text[0].upper() + text[1:]


# names: to_upper uppercase make_upper to_uppercase
# types: str -> str
# check: f("abc") == "ABC"
def to_upper(text):
    """Return a text in upper case."""
    return text.upper()


# names: to_lower lowercase make_lower to_lowercase
# types: str -> str
# check: f("ABC") == "abc"
def to_lower(text):
    """Return a text in lower case."""
    return text.lower()


# names: swap_case invert_case toggle_case
# check: f("aBc") == "AbC"
def swap_case(text):
    """Swap upper and lower case."""
    return text.swapcase()


# names: is_anagram are_anagrams anagram check_anagram anagrams
# types: str, str -> bool
# check: f("listen", "silent") is True
# check: f("abc", "abd") is False
def is_anagram(first, second):
    """Check whether two words are anagrams."""
    return sorted(first) == sorted(second)


def are_anagrams(first, second):
    """Return True if two words have the same letters."""
    return sorted(first.lower()) == sorted(second.lower())


# names: longest_word find_longest_word get_longest_word
# types: str -> str
# check: f("a bbb cc") == "bbb"
def longest_word(text):
    """Return the longest word of a text."""
    words = text.split()
    return max(words, key=len)


def find_longest_word(text):
    """Find the longest word of a sentence."""
    longest = ""
    for word in text.split():
        if len(word) > len(longest):
            longest = word
    return longest


# names: longest_string find_longest get_longest longest
# check: f(["a", "bbb", "cc"]) == "bbb"
def longest_string(words):
    """Return the longest string of a list."""
    return max(words, key=len)


# names: reverse_words reverse_sentence reverse_word_order
# types: str -> str
# check: f("one two three") == "three two one"
def reverse_words(text):
    """Reverse the order of the words of a text."""
    return " ".join(reversed(text.split()))


def reverse_sentence(text):
    """Reverse the words of a sentence."""
    words = text.split()
    return " ".join(words[::-1])


# names: remove_spaces strip_spaces remove_whitespace delete_spaces
# types: str -> str
# check: f("a b c") == "abc"
def remove_spaces(text):
    """Remove all spaces from a text."""
    return text.replace(" ", "")


def remove_whitespace(text):
    """Remove all white space."""
    return "".join(text.split())


# names: remove_punctuation strip_punctuation clean_punctuation
# types: str -> str
# check: f("Hi, you!") == "Hi you"
def remove_punctuation(text):
    """Remove the punctuation of a text."""
    return "".join(char for char in text if char not in string.punctuation)


# names: clean_text normalize_text preprocess clean
# check: f("Hi,  You!") == "hi you"
def clean_text(text):
    """Return a text in lower case without punctuation."""
    text = text.lower()
    text = re.sub(r"[^a-z0-9\s]", "", text)
    return " ".join(text.split())


# names: tokenize get_words split_words extract_words words
# types: str -> list[str]
# check: f("Hi you") == ["hi", "you"]
def tokenize(text):
    """Return the words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


def split_words(text):
    """Split a text into words."""
    return text.lower().split()


# names: slugify make_slug to_slug create_slug
# types: str -> str
# check: f("Hello, World!") == "hello-world"
def slugify(text):
    """Make a text fit for a URL."""
    text = text.lower()
    text = re.sub(r"[^a-z0-9]+", "-", text)
    return text.strip("-")


# names: truncate shorten truncate_text cut_text
# types: str, int -> str
# check: f("abc", 5) == "abc"
# check: f("abcdefgh", 5) == "ab..."
def truncate(text, length):
    """Shorten a text to a length."""
    if len(text) <= length:
        return text
    return text[:length - 3] + "..."


# names: is_valid_email validate_email check_email is_email valid_email email_is_valid
# types: str -> bool
# check: bool(f("ann@example.com")) is True
# check: bool(f("ann.example.com")) is False
def is_valid_email(email):
    """Check whether a text looks like an email address."""
    pattern = r"^[\w.+-]+@[\w-]+\.[\w.-]+$"
    return re.match(pattern, email) is not None


def validate_email(email):
    """Return True if an email address is valid."""
    return bool(re.match(r"^[\w.+-]+@[\w-]+\.[\w.-]+$", email))


def check_email(email):
    """Check an email address."""
    if email.count("@") != 1:
        return False
    name, domain = email.split("@")
    return len(name) > 0 and "." in domain


# names: is_strong_password validate_password check_password is_valid_password password_is_strong
# types: str -> bool
# check: f("Abcdefg1") is True
# check: f("abc") is False
def is_strong_password(password):
    """Check whether a password is long and has letters and digits."""
    if len(password) < 8:
        return False
    has_upper = any(char.isupper() for char in password)
    has_lower = any(char.islower() for char in password)
    has_digit = any(char.isdigit() for char in password)
    return has_upper and has_lower and has_digit


# names: generate_password random_password make_password create_password
# types: int -> str
# check: len(f(12)) == 12
def generate_password(length):
    """Return a random password of a given length."""
    characters = string.ascii_letters + string.digits
    return "".join(random.choice(characters) for _ in range(length))


# names: random_string generate_random_string random_text get_random_string
# check: len(f(12)) == 12
def random_string(length):
    """Return a random string of lower-case letters."""
    letters = string.ascii_lowercase
    return "".join(random.choice(letters) for _ in range(length))


# names: caesar_cipher caesar caesar_encrypt encrypt shift_cipher
# types: str, int -> str
# check: f("abz", 1) == "bca"
def caesar_cipher(text, shift):
    """Shift each letter of a text."""
    result = ""
    for char in text:
        if char.isupper():
            result += chr((ord(char) - ord("A") + shift) % 26 + ord("A"))
        elif char.islower():
            result += chr((ord(char) - ord("a") + shift) % 26 + ord("a"))
        else:
            result += char
    return result


# names: greet say_hello greeting hello welcome
# types: str -> str
# check: "Ann" in f("Ann")
def greet(name):
    """Return a greeting."""
    return f"Hello, {name}!"


# names: print_greeting print_hello greet_user say_hi
# check: f("Ann") is None
def print_greeting(name):
    """Greet somebody."""
    print(f"Hello, {name}!")


# names: full_name get_full_name make_full_name format_name
# types: str, str -> str
# check: f("Ann", "Lee") == "Ann Lee"
def full_name(first_name, last_name):
    """Return a full name."""
    return f"{first_name} {last_name}"


# names: initials get_initials make_initials
# check: f("ann marie lee") == "AML"
def initials(name):
    """Return the initials of a name."""
    return "".join(word[0].upper() for word in name.split())


# names: is_number is_numeric is_float check_number
# types: str -> bool
# check: f("3.5") is True
# check: f("x") is False
def is_number(text):
    """Check whether a text is a number."""
    try:
        float(text)
        return True
    except ValueError:
        return False


# names: to_int parse_int safe_int convert_to_int
# check: f("12") == 12
# check: f("x") is None
def to_int(text):
    """Return a text as a number, or None if it is none."""
    try:
        return int(text)
    except ValueError:
        return None


# names: extract_numbers find_numbers get_numbers numbers_in_text
# types: str -> list[int]
# check: f("a 12 b 3") == [12, 3]
def extract_numbers(text):
    """Return the numbers that occur in a text."""
    return [int(number) for number in re.findall(r"\d+", text)]


# names: extract_emails find_emails get_emails
# check: f("ask ann@example.com now") == ["ann@example.com"]
def extract_emails(text):
    """Return the email addresses of a text."""
    return re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", text)


# names: camel_to_snake to_snake_case snake_case to_snake
# types: str -> str
# check: f("myName") == "my_name"
def camel_to_snake(name):
    """Convert a name from camel case to snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


# names: snake_to_camel to_camel_case camel_case to_camel
# types: str -> str
# check: f("my_name") == "myName"
def snake_to_camel(name):
    """Convert a name from snake case to camel case."""
    parts = name.split("_")
    return parts[0] + "".join(part.capitalize() for part in parts[1:])


# names: compress compress_string string_compression
# check: f("aaab") == "a3b1"
def compress(text):
    """Replace each run of a character by the character and its count."""
    if not text:
        return ""
    result = ""
    count = 1
    for i in range(1, len(text)):
        if text[i] == text[i - 1]:
            count += 1
        else:
            result += text[i - 1] + str(count)
            count = 1
    return result + text[-1] + str(count)


# names: common_prefix longest_common_prefix find_common_prefix
# check: f(["flower", "flow", "flight"]) == "fl"
def common_prefix(words):
    """Return the longest common prefix of some words."""
    if not words:
        return ""
    prefix = words[0]
    for word in words[1:]:
        while not word.startswith(prefix):
            prefix = prefix[:-1]
    return prefix


# names: is_pangram pangram check_pangram
# check: f("The quick brown fox jumps over the lazy dog") is True
# check: f("abc") is False
def is_pangram(text):
    """Check whether a text has all letters of the alphabet."""
    return set(string.ascii_lowercase) <= set(text.lower())


# names: first_unique_char first_unique first_non_repeating
# check: f("aabc") == "b"
def first_unique_char(text):
    """Return the first character that occurs once."""
    for char in text:
        if text.count(char) == 1:
            return char
    return None


# names: hamming_distance count_differences hamming
# check: f("abc", "abd") == 1
def hamming_distance(a, b):
    """Count the places where two strings differ."""
    return sum(x != y for x, y in zip(a, b))


# names: edit_distance levenshtein levenshtein_distance
# types: str, str -> int
# check: f("kitten", "sitting") == 3
def edit_distance(a, b):
    """Return the edit distance of two strings."""
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = 0 if x == y else 1
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost))
        previous = current
    return previous[-1]


# names: is_balanced balanced check_parentheses balanced_parentheses is_valid_parentheses check_brackets
# types: str -> bool
# check: f("([]{})") is True
# check: f("([)]") is False
# check: f("(") is False
def is_balanced(text):
    """Check whether the brackets of a text are balanced."""
    pairs = {")": "(", "]": "[", "}": "{"}
    stack = []
    for char in text:
        if char in "([{":
            stack.append(char)
        elif char in pairs:
            if not stack or stack.pop() != pairs[char]:
                return False
    return not stack


# names: count_lines number_of_lines line_count
# check: f("a\nb") == 2
def count_lines(text):
    """Count the lines of a text."""
    return len(text.splitlines())


# names: repeat repeat_string repeat_text
# check: f("ab", 2) == "abab"
def repeat(text, n):
    """Return a text n times."""
    return text * n


# names: join_words join_strings join_with_commas
# check: f(["a", "b"]) == "a, b"
def join_words(words):
    """Join words by commas."""
    return ", ".join(words)


# names: parse_key_values parse_pairs parse_query parse_query_string
# check: f("a=1&b=2") == {"a": "1", "b": "2"}
def parse_query(text):
    """Return the keys and values of a query string."""
    result = {}
    for pair in text.split("&"):
        key, value = pair.split("=")
        result[key] = value
    return result


# names: mask hide_number mask_number mask_card
# check: f("1234567890") == "******7890"
def mask(number):
    """Hide all but the last four digits of a number."""
    return "*" * (len(number) - 4) + number[-4:]


# names: pig_latin to_pig_latin
# check: f("hello") == "ellohay"
# check: f("apple") == "appleway"
def pig_latin(word):
    """Translate a word to Pig Latin."""
    if word[0] in "aeiou":
        return word + "way"
    return word[1:] + word[0] + "ay"


# names: format_price format_money format_currency
# check: f(1234.5) == "$1,234.50"
def format_price(amount):
    """Format an amount of money."""
    return f"${amount:,.2f}"
