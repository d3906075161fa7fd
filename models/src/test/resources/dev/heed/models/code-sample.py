import os
import re
from collections import defaultdict


class Inventory:
    """Things in stock, and how many of each."""

    def __init__(self, items=None):
        self._items = dict(items or {})

    def __len__(self):
        return len(self._items)

    def __contains__(self, name):
        return name in self._items

    def __repr__(self):
        return f"{self.__class__.__name__}({self._items!r})"

    def add(self, name, count=1):
        """Add some of a thing."""
        if count < 0:
            raise ValueError("count must not be negative")
        self._items[name] = self._items.get(name, 0) + count

    def remove(self, name, count=1):
        """Take some of a thing away."""
        if name not in self._items:
            raise KeyError(name)
        if self._items[name] < count:
            raise ValueError(f"only {self._items[name]} of {name} left")
        self._items[name] -= count
        if self._items[name] == 0:
            del self._items[name]

    @property
    def total(self):
        return sum(self._items.values())


def words(text):
    """Return the words of a text in lower case."""
    return [word.lower() for word in re.findall(r"\w+", text)]


def count_words(text):
    counts = defaultdict(int)
    for word in words(text):
        counts[word] += 1
    return dict(counts)


def most_common(counts, n=10):
    """Return the n words that stand most often."""
    return sorted(counts.items(), key=lambda item: item[1], reverse=True)[:n]


def read_lines(path, encoding="utf-8"):
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    with open(path, encoding=encoding) as f:
        return [line.rstrip("\n") for line in f]


def chunks(items, size):
    """Yield lists of at most size items."""
    for i in range(0, len(items), size):
        yield items[i : i + size]


def is_prime(n):
    if n < 2:
        return False
    for i in range(2, int(n ** 0.5) + 1):
        if n % i == 0:
            return False
    return True


def flatten(items):
    result = []
    for item in items:
        if isinstance(item, (list, tuple)):
            result.extend(flatten(item))
        else:
            result.append(item)
    return result
