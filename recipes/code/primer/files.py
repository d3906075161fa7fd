"""Files, dates, and functions of functions."""

import csv
import functools
import json
import os
import time
from datetime import date, datetime, timedelta
from pathlib import Path

# names: read_file read_text load_file read_text_file get_file_contents load_text file_contents
# types: str -> str
# check: f(TEXT) == "one two\nthree\n"
def read_file(path):
    """Return the text of a file."""
    with open(path, encoding="utf-8") as f:
        return f.read()


def load_text(path):
    """Read a text file."""
    with open(path, "r") as file:
        text = file.read()
    return text


def read_text(path):
    """Return the text of a file."""
    return Path(path).read_text(encoding="utf-8")


# names: read_lines get_lines load_lines read_file_lines lines_of_file
# types: str -> list[str]
# check: f(TEXT) == ["one two", "three"]
def read_lines(path):
    """Return the lines of a file."""
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f]


def load_lines(path):
    """Read the lines of a file."""
    lines = []
    with open(path) as f:
        for line in f:
            lines.append(line.strip())
    return lines


# names: write_file write_text save_file save_text write_to_file
# types: str, str -> None
# check: f(OUT, "x") is None and open(OUT).read() == "x"
def write_file(path, text):
    """Write a text to a file."""
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


# names: write_lines save_lines lines_to_file
# check: f(OUT, ["a", "b"]) is None and open(OUT).read() == "a\nb\n"
def write_lines(path, lines):
    """Write lines to a file."""
    with open(path, "w", encoding="utf-8") as f:
        for line in lines:
            f.write(line + "\n")


# names: append_to_file append_line append_text add_line
# check: f(OUT, "x") is None and open(OUT).read().endswith("x\n")
def append_to_file(path, text):
    """Append a line to a file."""
    with open(path, "a", encoding="utf-8") as f:
        f.write(text + "\n")


# names: count_file_lines count_lines_in_file file_line_count
# types: str -> int
# check: f(TEXT) == 2
def count_file_lines(path):
    """Count the lines of a file."""
    with open(path, encoding="utf-8") as f:
        return sum(1 for line in f)


# names: count_words_in_file file_word_count words_in_file
# types: str -> int
# check: f(TEXT) == 3
def count_words_in_file(path):
    """Count the words of a file."""
    count = 0
    with open(path, encoding="utf-8") as f:
        for line in f:
            count += len(line.split())
    return count


# names: word_frequency_file count_words_of_file file_word_frequency
# check: f(TEXT) == {"one": 1, "two": 1, "three": 1}
def word_frequency_file(path):
    """Count how often each word occurs in a file."""
    counts = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            for word in line.lower().split():
                counts[word] = counts.get(word, 0) + 1
    return counts


# names: read_csv load_csv read_csv_file parse_csv csv_to_dicts load_csv_file
# types: str -> list[dict]
# check: f(CSV) == [{"name": "Ann", "age": "3"}, {"name": "Bob", "age": "4"}]
def read_csv(path):
    """Return the rows of a CSV file as dictionaries."""
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def load_csv(path):
    """Read a CSV file."""
    rows = []
    with open(path, newline="") as f:
        reader = csv.DictReader(f)
        for row in reader:
            rows.append(row)
    return rows


# names: read_csv_rows csv_rows load_rows
# check: f(CSV) == [["name", "age"], ["Ann", "3"], ["Bob", "4"]]
def read_csv_rows(path):
    """Return the rows of a CSV file as lists."""
    with open(path, newline="", encoding="utf-8") as f:
        reader = csv.reader(f)
        return [row for row in reader]


# names: write_csv save_csv write_csv_file to_csv
# check: f(OUT, [["a", 1]]) is None and open(OUT).read() == "a,1\n"
def write_csv(path, rows):
    """Write rows to a CSV file."""
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerows(rows)


# names: read_json load_json read_json_file parse_json_file load_json_file load_config read_config
# types: str -> dict
# check: f(JSON) == {"a": 1}
def read_json(path):
    """Read a JSON file."""
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def load_json(path):
    """Return what is in a JSON file."""
    with open(path, "r") as f:
        data = json.load(f)
    return data


# names: write_json save_json write_json_file dump_json save_config
# check: f(OUT, {"a": 1}) is None and json.load(open(OUT)) == {"a": 1}
def write_json(path, data):
    """Write data to a JSON file."""
    with open(path, "w", encoding="utf-8") as f:
        json.dump(data, f, indent=4)


# names: safe_load_json load_json_or_default try_load_json
# check: f(JSON) == {"a": 1}
# check: f("there is none.json") is None
def safe_load_json(path):
    """Read a JSON file, or return None if it cannot be read."""
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except (OSError, json.JSONDecodeError):
        return None


# names: parse_json from_json decode_json
# check: f("[1]") == [1]
# check: f("[") is None
def parse_json(text):
    """Parse a JSON text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


# names: file_exists check_file does_file_exist is_file
# types: str -> bool
# check: f(TEXT) is True
def file_exists(path):
    """Check whether a file exists."""
    return os.path.exists(path)


# names: get_extension file_extension get_file_extension extension
# types: str -> str
# check: f("a.txt") == ".txt"
def get_extension(path):
    """Return the extension of a file name."""
    return os.path.splitext(path)[1]


# names: file_size get_file_size size_of_file
# check: f(JSON) == 8
def file_size(path):
    """Return the size of a file in bytes."""
    return os.path.getsize(path)


# names: list_files get_files files_in_directory files_in_folder get_file_list
# check: "a.json" in [os.path.basename(p) for p in f(os.path.dirname(JSON))]
def list_files(folder):
    """Return the files of a folder."""
    return [name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name))]


# names: find_files files_with_extension list_by_extension
# check: [os.path.basename(p) for p in f(os.path.dirname(JSON), ".json")] == ["a.json"]
def find_files(folder, extension):
    """Return the files of a folder that have an extension."""
    result = []
    for root, dirs, files in os.walk(folder):
        for name in files:
            if name.endswith(extension):
                result.append(os.path.join(root, name))
    return result


# names: make_directory create_directory ensure_directory make_folder ensure_dir
# check: f(os.path.dirname(JSON)) is None
def make_directory(path):
    """Create a directory if it does not exist."""
    if not os.path.exists(path):
        os.makedirs(path)


# names: copy_file duplicate_file copy_text_file
# check: f(TEXT, OUT) is None and open(OUT).read() == open(TEXT).read()
def copy_file(source, target):
    """Copy a text file."""
    with open(source, encoding="utf-8") as f:
        text = f.read()
    with open(target, "w", encoding="utf-8") as f:
        f.write(text)


# names: search_file find_in_file grep lines_containing
# types: str, str -> list[str]
# check: f(TEXT, "three") == ["three"]
def search_file(path, word):
    """Return the lines of a file that contain a word."""
    result = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            if word in line:
                result.append(line.strip())
    return result


# names: format_size human_size human_readable_size size_to_string
# check: f(512) == "512.0 B"
# check: f(2048) == "2.0 KB"
def format_size(size):
    """Return a size in a form that people read."""
    for unit in ["B", "KB", "MB", "GB"]:
        if size < 1024:
            return f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"


# names: days_between date_difference day_difference days_between_dates
# check: f(date(2024, 1, 1), date(2024, 1, 31)) == 30
def days_between(start, end):
    """Return the number of days between two dates."""
    return (end - start).days


# names: parse_date to_date string_to_date str_to_date
# check: f("2024-02-29") == datetime(2024, 2, 29)
def parse_date(text):
    """Parse a date such as 2024-01-31."""
    return datetime.strptime(text, "%Y-%m-%d")


# names: format_date date_to_string date_to_str
# check: f(date(2024, 2, 29)) == "2024-02-29"
def format_date(value):
    """Return a date as a text."""
    return value.strftime("%Y-%m-%d")


# names: calculate_age age get_age compute_age
# check: f(date(date.today().year - 3, 1, 1)) == 3
def calculate_age(birthday):
    """Return the age of somebody in years."""
    today = date.today()
    years = today.year - birthday.year
    if (today.month, today.day) < (birthday.month, birthday.day):
        years -= 1
    return years


# names: is_weekend weekend check_weekend
# check: f(date(2024, 6, 1)) is True
# check: f(date(2024, 6, 3)) is False
def is_weekend(day):
    """Check whether a date is on a weekend."""
    return day.weekday() >= 5


# names: add_days days_later date_after
# check: f(date(2024, 1, 31), 1) == date(2024, 2, 1)
def add_days(day, n):
    """Return the date n days later."""
    return day + timedelta(days=n)


# names: tomorrow next_day get_tomorrow
# check: f() > date.today()
def tomorrow():
    """Return the date of tomorrow."""
    return date.today() + timedelta(days=1)


# names: current_time now get_time time_now get_current_time
# check: len(f()) == 8
def current_time():
    """Return the time of day."""
    return datetime.now().strftime("%H:%M:%S")


# names: days_in_month month_days get_days_in_month
# check: [f(2024, 2), f(2023, 2), f(2023, 4), f(2023, 1)] == [29, 28, 30, 31]
def days_in_month(year, month):
    """Return the number of days of a month."""
    if month == 2:
        if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
            return 29
        return 28
    if month in (4, 6, 9, 11):
        return 30
    return 31


# names: day_of_week weekday_name get_weekday day_name
# check: f(date(2024, 6, 3)) == "Monday"
def day_of_week(day):
    """Return the name of the day of a date."""
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    return days[day.weekday()]


# names: format_time seconds_to_time convert_seconds format_duration format_seconds
# types: int -> str
# check: f(3661) == "01:01:01"
def format_time(seconds):
    """Return seconds as hours, minutes and seconds."""
    hours = seconds // 3600
    minutes = seconds % 3600 // 60
    seconds = seconds % 60
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"


# names: time_to_seconds to_seconds parse_time
# check: f("01:01:01") == 3661
def time_to_seconds(text):
    """Return a time of day in seconds."""
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


# names: memoize cache memo cached
# check: f(lambda x: x + 1)(2) == 3
def memoize(func):
    """Remember the results of a function."""
    cache = {}

    def wrapper(*args):
        if args not in cache:
            cache[args] = func(*args)
        return cache[args]

    return wrapper


# names: timer timeit timed measure_time time_function
# check: f(lambda x: x + 1)(2) == 3
def timer(func):
    """Print how long a function takes."""
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start = time.time()
        result = func(*args, **kwargs)
        end = time.time()
        print(f"{func.__name__} took {end - start:.4f} seconds")
        return result

    return wrapper


# names: retry try_again call_with_retry
# check: f(lambda: 3, 2) == 3
def retry(func, attempts):
    """Call a function until it does not fail."""
    for attempt in range(attempts):
        try:
            return func()
        except Exception:
            if attempt == attempts - 1:
                raise


# names: compose compose_functions combine
# check: f(lambda x: x + 1, lambda x: x * 2)(3) == 7
def compose(f, g):
    """Return the function that applies g and then f."""
    return lambda x: f(g(x))


# names: apply_to_all map_list apply_function transform
# check: f([1, 2], lambda x: x + 1) == [2, 3]
def apply_to_all(items, func):
    """Apply a function to each item."""
    return [func(item) for item in items]


# names: filter_list keep select filter_items
# check: f([1, 2], lambda x: x > 1) == [2]
def filter_list(items, predicate):
    """Keep the items that satisfy a predicate."""
    return [item for item in items if predicate(item)]


# names: countdown count_down print_countdown
# check: f(2) is None
def countdown(n):
    """Count down from n."""
    while n > 0:
        print(n)
        n -= 1
    print("Go!")


# names: print_list show_list print_items display_items show_items
# check: f([1]) is None
def print_list(items):
    """Print the items of a list."""
    for item in items:
        print(item)


# names: print_numbered print_enumerated numbered_list
# check: f(["a"]) is None
def print_numbered(items):
    """Print the items of a list with their numbers."""
    for i, item in enumerate(items, 1):
        print(f"{i}. {item}")


# names: get_number ask_number read_number input_number ask_for_number
# check: callable(f)
def get_number(prompt):
    """Ask for a number until there is one."""
    while True:
        try:
            return int(input(prompt))
        except ValueError:
            print("Please enter a number.")


# names: ask_yes_no confirm yes_or_no ask_confirmation
# check: callable(f)
def ask_yes_no(question):
    """Ask a question until the answer is yes or no."""
    while True:
        answer = input(question + " (y/n) ").strip().lower()
        if answer in ("y", "yes"):
            return True
        if answer in ("n", "no"):
            return False
        print("Please answer yes or no.")


# names: guess_the_number guessing_game play_guess play
# check: callable(f)
def guess_the_number(secret):
    """Let somebody guess a number."""
    tries = 0
    while True:
        guess = int(input("Your guess: "))
        tries += 1
        if guess < secret:
            print("Too low!")
        elif guess > secret:
            print("Too high!")
        else:
            print(f"Right, after {tries} tries.")
            return tries
