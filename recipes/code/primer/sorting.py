"""Sorting and searching."""

import heapq

# names: bubble_sort bubblesort sort_bubble
# types: list -> list
# check: f([3, 1, 2]) == [1, 2, 3]
def bubble_sort(items):
    """Sort a list by bubble sort."""
    n = len(items)
    for i in range(n):
        for j in range(n - i - 1):
            if items[j] > items[j + 1]:
                items[j], items[j + 1] = items[j + 1], items[j]
    return items


def bubblesort(items):
    """Sort a list by swapping neighbours."""
    n = len(items)
    swapped = True
    while swapped:
        swapped = False
        for i in range(n - 1):
            if items[i] > items[i + 1]:
                items[i], items[i + 1] = items[i + 1], items[i]
                swapped = True
    return items


# names: selection_sort selectionsort sort_selection
# types: list -> list
# check: f([3, 1, 2]) == [1, 2, 3]
def selection_sort(items):
    """Sort a list by selection sort."""
    for i in range(len(items)):
        smallest = i
        for j in range(i + 1, len(items)):
            if items[j] < items[smallest]:
                smallest = j
        items[i], items[smallest] = items[smallest], items[i]
    return items


# names: insertion_sort insertionsort sort_insertion
# types: list -> list
# check: f([3, 1, 2]) == [1, 2, 3]
def insertion_sort(items):
    """Sort a list by insertion sort."""
    for i in range(1, len(items)):
        key = items[i]
        j = i - 1
        while j >= 0 and items[j] > key:
            items[j + 1] = items[j]
            j -= 1
        items[j + 1] = key
    return items


# names: merge_sort mergesort sort_merge
# types: list -> list
# check: f([3, 1, 2]) == [1, 2, 3]
def merge_sort(items):
    """Sort a list by merge sort."""
    if len(items) <= 1:
        return items
    mid = len(items) // 2
    left = merge_sort(items[:mid])
    right = merge_sort(items[mid:])
    result = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            result.append(left[i])
            i += 1
        else:
            result.append(right[j])
            j += 1
    return result + left[i:] + right[j:]


# names: quick_sort quicksort qsort sort_quick
# types: list -> list
# check: f([3, 1, 2, 1]) == [1, 1, 2, 3]
def quick_sort(items):
    """Sort a list by quick sort."""
    if len(items) <= 1:
        return items
    pivot = items[len(items) // 2]
    left = [x for x in items if x < pivot]
    middle = [x for x in items if x == pivot]
    right = [x for x in items if x > pivot]
    return quick_sort(left) + middle + quick_sort(right)


def quicksort(items):
    """Sort a list by quick sort."""
    if len(items) <= 1:
        return items
    pivot = items[0]
    smaller = [x for x in items[1:] if x <= pivot]
    larger = [x for x in items[1:] if x > pivot]
    return quicksort(smaller) + [pivot] + quicksort(larger)


# names: heap_sort heapsort sort_heap
# check: f([3, 1, 2]) == [1, 2, 3]
def heap_sort(items):
    """Sort a list by a heap."""
    heap = list(items)
    heapq.heapify(heap)
    return [heapq.heappop(heap) for _ in range(len(heap))]


# names: counting_sort countingsort sort_counting
# check: f([3, 1, 2, 1]) == [1, 1, 2, 3]
def counting_sort(numbers):
    """Sort small numbers by counting them."""
    counts = [0] * (max(numbers) + 1)
    for number in numbers:
        counts[number] += 1
    result = []
    for value, count in enumerate(counts):
        result.extend([value] * count)
    return result


# names: linear_search search sequential_search find
# types: list, int -> int
# check: f([4, 5], 5) == 1
# check: f([4, 5], 6) == -1
def linear_search(items, target):
    """Return the index of the target, or -1."""
    for i in range(len(items)):
        if items[i] == target:
            return i
    return -1


# names: binary_search binsearch search_sorted bisect binary_find
# types: list, int -> int
# check: [f([1, 3, 5, 7], x) for x in (1, 7, 5, 4)] == [0, 3, 2, -1]
# check: f([], 1) == -1
def binary_search(items, target):
    """Return the index of the target in a sorted list, or -1."""
    low = 0
    high = len(items) - 1
    while low <= high:
        mid = (low + high) // 2
        if items[mid] == target:
            return mid
        elif items[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1


def binsearch(items, target):
    """Search a sorted list by halving it."""
    left, right = 0, len(items) - 1
    while left <= right:
        mid = (left + right) // 2
        if items[mid] == target:
            return mid
        if items[mid] < target:
            left = mid + 1
        else:
            right = mid - 1
    return -1


# names: binary_search_recursive recursive_binary_search search_recursive
# check: [f([1, 3, 5, 7], x, 0, 3) for x in (1, 7, 5, 4)] == [0, 3, 2, -1]
def binary_search_recursive(items, target, low, high):
    """Search a sorted list between low and high."""
    if low > high:
        return -1
    mid = (low + high) // 2
    if items[mid] == target:
        return mid
    if items[mid] < target:
        return binary_search_recursive(items, target, mid + 1, high)
    return binary_search_recursive(items, target, low, mid - 1)


# names: sort_descending sort_desc reverse_sort sorted_descending
# check: f([1, 3, 2]) == [3, 2, 1]
def sort_descending(items):
    """Sort a list in descending order."""
    return sorted(items, reverse=True)


# names: sort_by_length sort_words_by_length by_length
# check: f(["ccc", "a", "bb"]) == ["a", "bb", "ccc"]
def sort_by_length(words):
    """Sort words by their length."""
    return sorted(words, key=len)


# names: sort_by_key sort_dicts sort_by sort_records
# check: f([{"n": 2}, {"n": 1}], "n") == [{"n": 1}, {"n": 2}]
def sort_by_key(records, key):
    """Sort dictionaries by one of their keys."""
    return sorted(records, key=lambda record: record[key])


# names: kth_largest find_kth_largest nth_largest
# check: f([3, 9, 4], 2) == 4
def kth_largest(numbers, k):
    """Return the k-th largest number."""
    return sorted(numbers, reverse=True)[k - 1]


# names: bfs breadth_first_search breadth_first traverse_bfs
# check: f({1: [2, 3], 2: [4], 3: [], 4: []}, 1) == [1, 2, 3, 4]
def bfs(graph, start):
    """Visit the nodes of a graph, breadth first."""
    visited = [start]
    queue = [start]
    while queue:
        node = queue.pop(0)
        for neighbor in graph[node]:
            if neighbor not in visited:
                visited.append(neighbor)
                queue.append(neighbor)
    return visited


# names: dfs depth_first_search depth_first traverse_dfs
# check: f({1: [2, 3], 2: [4], 3: [], 4: []}, 1) in ([1, 2, 4, 3], [1, 3, 2, 4])
def dfs(graph, start):
    """Visit the nodes of a graph, depth first."""
    visited = []
    stack = [start]
    while stack:
        node = stack.pop()
        if node not in visited:
            visited.append(node)
            stack.extend(graph[node])
    return visited


# names: find_path path_between search_path
# check: f({1: [2], 2: [3], 3: []}, 1, 3) == [1, 2, 3]
def find_path(graph, start, end, path=()):
    """Return a path from start to end, or None."""
    path = list(path) + [start]
    if start == end:
        return path
    for node in graph[start]:
        if node not in path:
            found = find_path(graph, node, end, path)
            if found:
                return found
    return None


# names: dijkstra shortest_path shortest_distances
# check: f({"a": {"b": 1, "c": 4}, "b": {"c": 2}, "c": {}}, "a") == {"a": 0, "b": 1, "c": 3}
def dijkstra(graph, start):
    """Return the shortest distance to each node."""
    distances = {node: float("inf") for node in graph}
    distances[start] = 0
    queue = [(0, start)]
    while queue:
        distance, node = heapq.heappop(queue)
        for neighbor, weight in graph[node].items():
            new = distance + weight
            if new < distances[neighbor]:
                distances[neighbor] = new
                heapq.heappush(queue, (new, neighbor))
    return distances


# names: hanoi tower_of_hanoi towers_of_hanoi solve_hanoi
# check: f(2, "A", "C", "B") is None
def hanoi(n, source, target, helper):
    """Print the moves of the towers of Hanoi."""
    if n == 0:
        return
    hanoi(n - 1, source, helper, target)
    print(f"{source} -> {target}")
    hanoi(n - 1, helper, target, source)
