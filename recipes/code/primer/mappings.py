"""Dictionaries and sets."""

from collections import Counter, defaultdict

# names: count_items count_elements count_values frequencies get_counts tally count_all
# types: list -> dict
# check: f([1, 2, 1]) == {1: 2, 2: 1}
def count_items(items):
    """Count how often each item occurs."""
    counts = {}
    for item in items:
        if item in counts:
            counts[item] += 1
        else:
            counts[item] = 1
    return counts


def frequencies(items):
    """Return how often each item occurs."""
    counts = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return counts


def tally(items):
    """Count the items of a list."""
    counts = defaultdict(int)
    for item in items:
        counts[item] += 1
    return dict(counts)


def count_elements(items):
    """Count the elements of a list."""
    return Counter(items)


# names: invert_dict invert swap_keys_values reverse_dict flip_dict invert_dictionary
# types: dict -> dict
# check: f({"a": 1}) == {1: "a"}
def invert_dict(d):
    """Swap the keys and the values of a dictionary."""
    return {value: key for key, value in d.items()}


def reverse_dict(d):
    """Swap keys and values."""
    result = {}
    for key, value in d.items():
        result[value] = key
    return result


# names: merge_dicts merge_dictionaries combine_dicts merge_two_dicts join_dicts
# types: dict, dict -> dict
# check: f({"a": 1}, {"b": 2}) == {"a": 1, "b": 2}
def merge_dicts(a, b):
    """Merge two dictionaries."""
    return {**a, **b}


def merge_dictionaries(a, b):
    """Merge two dictionaries."""
    result = a.copy()
    result.update(b)
    return result


# names: sort_dict_by_value sort_by_value sort_dict sorted_by_value
# types: dict -> dict
# check: list(f({"a": 2, "b": 1}).items()) == [("b", 1), ("a", 2)]
def sort_dict_by_value(d):
    """Sort a dictionary by its values."""
    return dict(sorted(d.items(), key=lambda item: item[1]))


# names: sort_dict_by_key sort_keys sorted_by_key
# check: list(f({"b": 2, "a": 1}).items()) == [("a", 1), ("b", 2)]
def sort_dict_by_key(d):
    """Sort a dictionary by its keys."""
    return dict(sorted(d.items()))


# names: group_by group group_items group_by_key
# check: f([1, 2, 3], lambda x: x % 2) == {1: [1, 3], 0: [2]}
def group_by(items, key):
    """Group items by a key function."""
    groups = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def group(items, key):
    """Group items by a key function."""
    groups = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


# names: group_by_length words_by_length group_words_by_length
# check: f(["a", "bb", "c"]) == {1: ["a", "c"], 2: ["bb"]}
def group_by_length(words):
    """Group words by their length."""
    groups = {}
    for word in words:
        groups.setdefault(len(word), []).append(word)
    return groups


# names: group_by_first_letter words_by_letter index_by_letter
# check: f(["a", "bb", "ac"]) == {"a": ["a", "ac"], "b": ["bb"]}
def group_by_first_letter(words):
    """Group words by their first letter."""
    groups = {}
    for word in words:
        letter = word[0]
        if letter not in groups:
            groups[letter] = []
        groups[letter].append(word)
    return groups


# names: group_anagrams find_anagrams anagram_groups
# check: f(["ab", "ba", "c"]) == [["ab", "ba"], ["c"]]
def group_anagrams(words):
    """Group words that have the same letters."""
    groups = {}
    for word in words:
        key = "".join(sorted(word))
        groups.setdefault(key, []).append(word)
    return list(groups.values())


# names: max_key key_with_max_value key_of_max get_max_key best_key
# check: f({"a": 1, "b": 3}) == "b"
def max_key(d):
    """Return the key with the largest value."""
    return max(d, key=d.get)


# names: min_key key_with_min_value key_of_min get_min_key
# check: f({"a": 1, "b": 3}) == "a"
def min_key(d):
    """Return the key with the smallest value."""
    return min(d, key=d.get)


# names: sum_values total_values sum_dict sum_of_values dict_sum
# types: dict -> float
# check: f({"a": 1, "b": 3}) == 4
def sum_values(d):
    """Return the sum of the values of a dictionary."""
    return sum(d.values())


def sum_dict(d):
    """Add the values of a dictionary."""
    total = 0
    for value in d.values():
        total += value
    return total


# names: filter_dict filter_values select_items filter_by_value
# check: f({"a": 1, "b": 3}, lambda x: x > 1) == {"b": 3}
def filter_dict(d, predicate):
    """Keep the items whose values satisfy a predicate."""
    return {key: value for key, value in d.items() if predicate(value)}


# names: lists_to_dict make_dict zip_to_dict create_dict to_dict
# types: list, list -> dict
# check: f(["a", "b"], [1, 2]) == {"a": 1, "b": 2}
def lists_to_dict(keys, values):
    """Make a dictionary of keys and values."""
    return dict(zip(keys, values))


# names: squares_dict square_dict dict_of_squares
# check: f(3) == {1: 1, 2: 4, 3: 9}
def squares_dict(n):
    """Return the squares of the numbers from 1 to n."""
    return {i: i ** 2 for i in range(1, n + 1)}


# names: get_nested deep_get nested_get
# check: f({"a": {"b": 1}}, ["a", "b"]) == 1
# check: f({"a": {}}, ["a", "b"]) is None
def get_nested(d, keys):
    """Return a value of nested dictionaries, or None."""
    for key in keys:
        if key not in d:
            return None
        d = d[key]
    return d


# names: flatten_dict flatten_dictionary flatten_nested_dict
# check: f({"a": {"b": 1}, "c": 2}) == {"a.b": 1, "c": 2}
def flatten_dict(d, prefix=""):
    """Flatten nested dictionaries, with dots between the keys."""
    result = {}
    for key, value in d.items():
        if isinstance(value, dict):
            result.update(flatten_dict(value, prefix + key + "."))
        else:
            result[prefix + key] = value
    return result


# names: remove_none drop_none without_none clean_dict
# check: f({"a": 1, "b": None}) == {"a": 1}
def remove_none(d):
    """Remove the keys whose value is None."""
    return {key: value for key, value in d.items() if value is not None}


# names: has_key key_exists contains_key
# check: f({"a": 1}, "a") is True
def has_key(d, key):
    """Check whether a dictionary has a key."""
    return key in d


# names: print_dict show_dict print_items display_dict
# check: f({"a": 1}) is None
def print_dict(d):
    """Print the items of a dictionary."""
    for key, value in d.items():
        print(f"{key}: {value}")


# names: common_keys shared_keys keys_in_both
# check: f({"a": 1, "b": 2}, {"b": 3}) == {"b"}
def common_keys(a, b):
    """Return the keys that both dictionaries have."""
    return set(a) & set(b)


# names: is_subset contains_all subset_of
# check: f([1, 2], [1, 2, 3]) is True
# check: f([1, 4], [1, 2, 3]) is False
def is_subset(a, b):
    """Check whether all items of a are in b."""
    return set(a) <= set(b)


# names: symmetric_difference only_in_one unique_to_either
# check: f([1, 2], [2, 3]) == {1, 3}
def symmetric_difference(a, b):
    """Return the items that are in only one of two lists."""
    return set(a) ^ set(b)


# names: count_unique number_of_unique unique_count count_distinct
# check: f([1, 2, 1]) == 2
def count_unique(items):
    """Count the different items of a list."""
    return len(set(items))


# names: average_by_key group_averages mean_by_group
# check: f([("a", 1), ("a", 3), ("b", 2)]) == {"a": 2, "b": 2}
def average_by_key(pairs):
    """Return the average of the values of each key."""
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: sum(values) / len(values) for key, values in groups.items()}


# names: average_score average_grade class_average
# check: f({"ann": 1, "bob": 3}) == 2
def average_score(scores):
    """Return the average of the scores of a dictionary."""
    return sum(scores.values()) / len(scores)


# names: total_price cart_total order_total calculate_total_price shopping_total
# check: f([{"price": 2, "quantity": 3}, {"price": 1, "quantity": 1}]) == 7
def total_price(items):
    """Return the total price of some items."""
    total = 0
    for item in items:
        total += item["price"] * item["quantity"]
    return total


# names: get_names names_of extract_names list_names
# check: f([{"name": "Ann"}, {"name": "Bob"}]) == ["Ann", "Bob"]
def get_names(people):
    """Return the names of some people."""
    return [person["name"] for person in people]


# names: filter_adults adults get_adults only_adults
# check: f([{"age": 17}, {"age": 18}]) == [{"age": 18}]
def filter_adults(people):
    """Return the people who are at least 18."""
    return [person for person in people if person["age"] >= 18]


# names: find_by_name get_by_name search_by_name
# check: f([{"name": "Ann"}], "Ann") == {"name": "Ann"}
# check: f([], "Ann") is None
def find_by_name(people, name):
    """Return the person of a name, or None."""
    for person in people:
        if person["name"] == name:
            return person
    return None


# names: oldest oldest_person find_oldest get_oldest
# check: f([{"age": 17}, {"age": 18}]) == {"age": 18}
def oldest(people):
    """Return the oldest of some people."""
    return max(people, key=lambda person: person["age"])
