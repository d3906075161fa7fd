"""Small classes."""

import math
import random
import time
from dataclasses import dataclass

# names: Stack SimpleStack ListStack
# check: run(f(), ("push", 1), ("push", 2), ("pop",), ("is_empty",)) == [None, None, 2, False]
class Stack:
    """A stack: last in, first out."""

    def __init__(self):
        self.items = []

    def push(self, item):
        """Put an item on top."""
        self.items.append(item)

    def pop(self):
        """Take the item from the top."""
        if not self.items:
            raise IndexError("pop from an empty stack")
        return self.items.pop()

    def peek(self):
        """Return the item on top."""
        return self.items[-1]

    def is_empty(self):
        """Check whether the stack is empty."""
        return len(self.items) == 0

    def size(self):
        """Return the number of items."""
        return len(self.items)


# names: Queue SimpleQueue ListQueue
# check: run(f(), ("enqueue", 1), ("enqueue", 2), ("dequeue",), ("is_empty",)) == [None, None, 1, False]
class Queue:
    """A queue: first in, first out."""

    def __init__(self):
        self.items = []

    def enqueue(self, item):
        """Add an item at the end."""
        self.items.append(item)

    def dequeue(self):
        """Take the first item."""
        if not self.items:
            raise IndexError("dequeue from an empty queue")
        return self.items.pop(0)

    def is_empty(self):
        """Check whether the queue is empty."""
        return len(self.items) == 0

    def size(self):
        """Return the number of items."""
        return len(self.items)


# names: LinkedList SinglyLinkedList
# check: run(f(), ("append", 1), ("append", 2), ("to_list",)) == [None, None, [1, 2]]
class LinkedList:
    """A linked list."""

    def __init__(self):
        self.head = None

    def append(self, value):
        """Add a value at the end."""
        node = Node(value)
        if self.head is None:
            self.head = node
            return
        current = self.head
        while current.next:
            current = current.next
        current.next = node

    def to_list(self):
        """Return the values as a list."""
        result = []
        current = self.head
        while current:
            result.append(current.value)
            current = current.next
        return result


# names: Node ListNode
# check: f(1).value == 1
class Node:
    """A node of a linked list."""

    def __init__(self, value, next=None):
        self.value = value
        self.next = next


# names: TreeNode BinaryTreeNode BinaryNode
# check: f(1).left is None
class TreeNode:
    """A node of a binary tree."""

    def __init__(self, value, left=None, right=None):
        self.value = value
        self.left = left
        self.right = right


# names: BinarySearchTree BST SearchTree
# check: run(f(), ("insert", 2), ("insert", 1), ("contains", 1), ("contains", 3)) == [None, None, True, False]
class BinarySearchTree:
    """A binary search tree."""

    def __init__(self):
        self.root = None

    def insert(self, value):
        """Add a value to the tree."""
        if self.root is None:
            self.root = TreeNode(value)
            return
        node = self.root
        while True:
            if value < node.value:
                if node.left is None:
                    node.left = TreeNode(value)
                    return
                node = node.left
            else:
                if node.right is None:
                    node.right = TreeNode(value)
                    return
                node = node.right

    def contains(self, value):
        """Check whether a value is in the tree."""
        node = self.root
        while node:
            if value == node.value:
                return True
            node = node.left if value < node.value else node.right
        return False


# names: tree_height height depth tree_depth max_depth
# check: f(TreeNode(1, TreeNode(2))) == 2
# check: f(None) == 0
def tree_height(node):
    """Return the height of a binary tree."""
    if node is None:
        return 0
    return 1 + max(tree_height(node.left), tree_height(node.right))


# names: inorder in_order inorder_traversal traverse_inorder
# check: f(TreeNode(2, TreeNode(1), TreeNode(3))) == [1, 2, 3]
def inorder(node):
    """Return the values of a binary tree in order."""
    if node is None:
        return []
    return inorder(node.left) + [node.value] + inorder(node.right)


# names: count_nodes tree_size number_of_nodes
# check: f(TreeNode(2, TreeNode(1), TreeNode(3))) == 3
def count_nodes(node):
    """Count the nodes of a binary tree."""
    if node is None:
        return 0
    return 1 + count_nodes(node.left) + count_nodes(node.right)


# names: reverse_linked_list reverse_nodes reverse_chain
# check: f(Node(1, Node(2))).value == 2
def reverse_linked_list(head):
    """Reverse a linked list."""
    previous = None
    current = head
    while current:
        next_node = current.next
        current.next = previous
        previous = current
        current = next_node
    return previous


# names: BankAccount Account SavingsAccount
# check: run(f("Ann"), ("deposit", 5), ("withdraw", 2), ("get_balance",))[2] == 3
class BankAccount:
    """An account at a bank."""

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    def deposit(self, amount):
        """Put money into the account."""
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount

    def withdraw(self, amount):
        """Take money from the account."""
        if amount > self.balance:
            raise ValueError("insufficient funds")
        self.balance -= amount

    def get_balance(self):
        """Return the balance."""
        return self.balance

    def __str__(self):
        return f"{self.owner}: {self.balance}"


# names: Point Point2D
# check: f(0, 0).distance(f(3, 4)) == 5
class Point:
    """A point of the plane."""

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def distance(self, other):
        """Return the distance to another point."""
        return math.sqrt((self.x - other.x) ** 2 + (self.y - other.y) ** 2)

    def move(self, dx, dy):
        """Move the point."""
        self.x += dx
        self.y += dy

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


# names: Vector Vector2D Vec2
# check: (f(1, 2) + f(3, 4)).y == 6
class Vector:
    """A vector of two numbers."""

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def length(self):
        """Return the length of the vector."""
        return math.sqrt(self.x ** 2 + self.y ** 2)


# names: Rectangle Rect Box
# check: run(f(2, 3), ("area",), ("perimeter",)) == [6, 10]
class Rectangle:
    """A rectangle."""

    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        """Return the area."""
        return self.width * self.height

    def perimeter(self):
        """Return the perimeter."""
        return 2 * (self.width + self.height)

    def is_square(self):
        """Check whether the sides are equal."""
        return self.width == self.height


# names: Circle Disk Disc
# check: abs(f(1).area() - 3.14159) < 0.001
class Circle:
    """A circle."""

    def __init__(self, radius):
        self.radius = radius

    def area(self):
        """Return the area."""
        return math.pi * self.radius ** 2

    def circumference(self):
        """Return the circumference."""
        return 2 * math.pi * self.radius


# names: Shape Figure
# check: f("x").name == "x"
class Shape:
    """What all shapes have."""

    def __init__(self, name):
        self.name = name

    def area(self):
        raise NotImplementedError

    def describe(self):
        return f"{self.name} with area {self.area():.2f}"


# names: Square
# check: f(3).area() == 9
class Square(Shape):
    """A square."""

    def __init__(self, side):
        super().__init__("square")
        self.side = side

    def area(self):
        return self.side ** 2


# names: Person User Human
# check: "Ann" in str(f("Ann", 3))
class Person:
    """A person with a name and an age."""

    def __init__(self, name, age):
        self.name = name
        self.age = age

    def birthday(self):
        """Become a year older."""
        self.age += 1

    def greet(self):
        """Say hello."""
        return f"Hello, my name is {self.name}."

    def is_adult(self):
        """Check whether the person is 18 or older."""
        return self.age >= 18

    def __str__(self):
        return f"{self.name} ({self.age})"


# names: Student Pupil
# check: run(f("Ann"), ("add_grade", 1), ("add_grade", 3), ("average",))[2] == 2
class Student:
    """A student with grades."""

    def __init__(self, name):
        self.name = name
        self.grades = []

    def add_grade(self, grade):
        """Add a grade."""
        self.grades.append(grade)

    def average(self):
        """Return the average of the grades."""
        if not self.grades:
            return 0
        return sum(self.grades) / len(self.grades)


# names: Employee Worker
# check: f("Ann", 100).name == "Ann"
class Employee:
    """Somebody who works for a salary."""

    def __init__(self, name, salary):
        self.name = name
        self.salary = salary

    def give_raise(self, percent):
        """Raise the salary."""
        self.salary += self.salary * percent / 100

    def annual_salary(self):
        """Return the salary of a year."""
        return self.salary * 12


# names: Animal Pet
# check: f("Rex").name == "Rex"
class Animal:
    """An animal with a name."""

    def __init__(self, name):
        self.name = name

    def speak(self):
        raise NotImplementedError


# names: Dog
# check: f("Rex").speak() == "Woof!"
class Dog(Animal):
    """A dog."""

    def speak(self):
        return "Woof!"


# names: Cat
# check: f("Tom").speak() == "Meow!"
class Cat(Animal):
    """A cat."""

    def speak(self):
        return "Meow!"


# names: Car Vehicle
# check: run(f("Fiat", 1999), ("accelerate", 5), ("brake", 9)) == [None, None]
class Car:
    """A car."""

    def __init__(self, brand, year):
        self.brand = brand
        self.year = year
        self.speed = 0

    def accelerate(self, amount):
        """Drive faster."""
        self.speed += amount

    def brake(self, amount):
        """Drive slower."""
        self.speed = max(0, self.speed - amount)


# names: Book LibraryBook
# check: f("A", "B").title == "A"
class Book:
    """A book."""

    def __init__(self, title, author, pages=0):
        self.title = title
        self.author = author
        self.pages = pages

    def __str__(self):
        return f"{self.title} by {self.author}"


# names: Library BookShelf
# check: run(f(), ("add_book", Book("A", "B")), ("find_by_author", "C")) == [None, []]
class Library:
    """A collection of books."""

    def __init__(self):
        self.books = []

    def add_book(self, book):
        """Add a book."""
        self.books.append(book)

    def remove_book(self, title):
        """Remove the books of a title."""
        self.books = [book for book in self.books if book.title != title]

    def find_by_author(self, author):
        """Return the books of an author."""
        return [book for book in self.books if book.author == author]


# names: Inventory Stock Warehouse
# check: run(f(), ("add", "nut", 5), ("remove", "nut", 2), ("count", "nut"), ("count", "x")) == [None, None, 3, 0]
class Inventory:
    """How many of each item there are."""

    def __init__(self):
        self.items = {}

    def add(self, name, quantity):
        """Add some of an item."""
        self.items[name] = self.items.get(name, 0) + quantity

    def remove(self, name, quantity):
        """Remove some of an item."""
        if self.items.get(name, 0) < quantity:
            raise ValueError(f"not enough {name}")
        self.items[name] -= quantity

    def count(self, name):
        """Return how many there are of an item."""
        return self.items.get(name, 0)

    def total(self):
        """Return how many items there are in all."""
        return sum(self.items.values())


# names: ShoppingCart Cart Basket
# check: run(f(), ("add_item", "nut", 2, 3), ("total",)) == [None, 6]
class ShoppingCart:
    """A shopping cart."""

    def __init__(self):
        self.items = []

    def add_item(self, name, price, quantity=1):
        """Add an item."""
        self.items.append((name, price, quantity))

    def remove_item(self, name):
        """Remove an item."""
        self.items = [item for item in self.items if item[0] != name]

    def total(self):
        """Return the total price."""
        return sum(price * quantity for name, price, quantity in self.items)


# names: TodoList TaskList Tasks
# check: run(f(), ("add", "x"), ("pending",)) == [None, ["x"]]
class TodoList:
    """Things to do."""

    def __init__(self):
        self.tasks = []

    def add(self, task):
        """Add a task."""
        self.tasks.append({"task": task, "done": False})

    def complete(self, index):
        """Mark a task as done."""
        self.tasks[index]["done"] = True

    def pending(self):
        """Return the tasks that are not done."""
        return [task["task"] for task in self.tasks if not task["done"]]


# names: Counter Tally
# check: run(f(), ("increment",), ("increment",), ("decrement",), ("get_value",))[3] == 1
class Counter:
    """A counter."""

    def __init__(self, start=0):
        self.value = start

    def increment(self):
        """Count one up."""
        self.value += 1

    def decrement(self):
        """Count one down."""
        self.value -= 1

    def reset(self):
        """Start again."""
        self.value = 0

    def get_value(self):
        """Return the value."""
        return self.value


# names: Calculator SimpleCalculator
# check: run(f(), ("add", 1, 2), ("divide", 4, 2)) == [3, 2]
class Calculator:
    """A calculator."""

    def add(self, a, b):
        return a + b

    def subtract(self, a, b):
        return a - b

    def multiply(self, a, b):
        return a * b

    def divide(self, a, b):
        if b == 0:
            raise ValueError("cannot divide by zero")
        return a / b


# names: LRUCache Cache
# check: run(f(1), ("put", 1, 2), ("put", 3, 4), ("get", 1), ("get", 3)) == [None, None, None, 4]
class LRUCache:
    """A cache that forgets what was not used for longest."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.items = {}

    def get(self, key):
        """Return a value, or None."""
        if key not in self.items:
            return None
        value = self.items.pop(key)
        self.items[key] = value
        return value

    def put(self, key, value):
        """Remember a value."""
        if key in self.items:
            self.items.pop(key)
        elif len(self.items) >= self.capacity:
            oldest = next(iter(self.items))
            del self.items[oldest]
        self.items[key] = value


# names: Temperature Thermometer
# check: f(100).fahrenheit == 212
class Temperature:
    """A temperature."""

    def __init__(self, celsius):
        self.celsius = celsius

    @property
    def fahrenheit(self):
        """The temperature in Fahrenheit."""
        return self.celsius * 9 / 5 + 32


# names: Timer Stopwatch
# check: f().elapsed == 0
class Timer:
    """Measures how long something takes."""

    def __init__(self):
        self.start_time = None
        self.elapsed = 0

    def start(self):
        """Start the timer."""
        self.start_time = time.time()

    def stop(self):
        """Stop the timer."""
        self.elapsed = time.time() - self.start_time
        return self.elapsed


# names: Matrix Grid
# check: f([[1, 2]]).shape() == (1, 2)
class Matrix:
    """A matrix of numbers."""

    def __init__(self, rows):
        self.rows = rows

    def shape(self):
        """Return the number of rows and columns."""
        return len(self.rows), len(self.rows[0])

    def transpose(self):
        """Return the transpose."""
        return Matrix([list(row) for row in zip(*self.rows)])

    def __getitem__(self, index):
        return self.rows[index]


# names: Graph DirectedGraph
# check: run(f(), ("add_edge", 1, 2), ("neighbors", 1)) == [None, [2]]
class Graph:
    """A graph."""

    def __init__(self):
        self.edges = {}

    def add_node(self, node):
        """Add a node."""
        if node not in self.edges:
            self.edges[node] = []

    def add_edge(self, a, b):
        """Add an edge from a to b."""
        self.add_node(a)
        self.add_node(b)
        self.edges[a].append(b)

    def neighbors(self, node):
        """Return the neighbours of a node."""
        return self.edges.get(node, [])


# names: Product Item
# check: f("nut", 2.0, 3).total() == 6
@dataclass
class Product:
    """Something to sell."""

    name: str
    price: float
    quantity: int = 0

    def total(self):
        """Return the price of all of them."""
        return self.price * self.quantity


# names: Contact Address
# check: f("Ann", "ann@example.com").phone == ""
@dataclass
class Contact:
    """How to reach somebody."""

    name: str
    email: str
    phone: str = ""


# names: PhoneBook AddressBook Contacts
# check: run(f(), ("add", "Ann", "1"), ("find", "Ann"), ("find", "Bob")) == [None, "1", None]
class PhoneBook:
    """Names and numbers."""

    def __init__(self):
        self.contacts = {}

    def add(self, name, number):
        """Add a contact."""
        self.contacts[name] = number

    def remove(self, name):
        """Remove a contact."""
        if name in self.contacts:
            del self.contacts[name]

    def find(self, name):
        """Return the number of a contact, or None."""
        return self.contacts.get(name)


# names: Deck CardDeck
# check: len(f().cards) == 52
class Deck:
    """A deck of cards."""

    def __init__(self):
        suits = ["hearts", "diamonds", "clubs", "spades"]
        ranks = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"]
        self.cards = [(rank, suit) for suit in suits for rank in ranks]

    def shuffle(self):
        """Shuffle the cards."""
        random.shuffle(self.cards)

    def draw(self):
        """Take a card from the top."""
        return self.cards.pop()
