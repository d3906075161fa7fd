package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Reads the pickles that {@code torch.save} writes for a state dict, without running anything.
 *
 * <p>A pickle is a program for a stack machine that may call any Python function by name. This
 * machine knows the opcodes of protocols 2 to 4 that build values, and calls nothing: a name is a
 * {@link Name}, and what to make of "call this with these arguments" is decided by {@code
 * construct}, which refuses everything it does not know.
 *
 * <p>Source: CPython, {@code Lib/pickletools.py}, opcode table.
 */
final class PickleReader {
  /** A Python global such as {@code torch._utils._rebuild_tensor_v2}. */
  record Name(String qualified) {}

  /** What a persistent id stands for: its tuple. */
  record Persistent(List<?> id) {}

  private enum Mark {
    MARK
  }

  /** Python's {@code None}. */
  enum Nothing {
    NONE
  }

  private final String where;
  private final ByteBuffer in;
  private final BiFunction<Name, List<?>, Object> construct;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private PickleReader(String where, byte[] pickle, BiFunction<Name, List<?>, Object> construct) {
    this.where = where;
    this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    this.construct = construct;
  }

  /**
   * Reads one pickle.
   *
   * @param where for messages
   * @param pickle all of its bytes
   * @param construct what a call gives; throws for every name that is not allowed
   * @return maps, lists, strings, numbers, truth values, {@link Nothing} and what {@code construct}
   *     gave
   * @throws CheckpointException {@code MALFORMED}, {@code TRUNCATED} or {@code UNSAFE}
   */
  static Object read(String where, byte[] pickle, BiFunction<Name, List<?>, Object> construct) {
    try {
      return new PickleReader(where, pickle, construct).run();
    } catch (java.nio.BufferUnderflowException e) {
      throw new CheckpointException(
          Kind.TRUNCATED, where, "a pickle that stops", "its end before", TorchArchive.REMEDY, e);
    }
  }

  private Object run() {
    while (true) {
      int opcode = in.get() & 0xff;
      if (opcode == '.') {
        return pop();
      }
      step(opcode);
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> in.get();
      case 0x95 -> in.getLong();
      case '(' -> push(Mark.MARK);
      case '0' -> pop();
      case 'N' -> push(Nothing.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 'J' -> push((long) in.getInt());
      case 0x8a -> push(longInteger(in.get() & 0xff));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X' -> push(text(in.getInt()));
      case 0x8c -> push(text(in.get() & 0xff));
      case '}' -> push(new LinkedHashMap<String, Object>());
      case ']' -> push(new ArrayList<>());
      case ')' -> push(List.of());
      case 't' -> push(List.copyOf(toMark()));
      case 0x85 -> push(List.of(pop()));
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      default -> object(opcode);
    }
  }

  private void object(int opcode) {
    switch (opcode) {
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(toMark());
      case 's' -> {
        Object value = pop();
        put(List.of(pop(), value));
      }
      case 'u' -> put(toMark());
      case 'q' -> memo.put(in.get() & 0xff, peek());
      case 'r' -> memo.put(in.getInt(), peek());
      case 0x94 -> memo.put(memo.size(), peek());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      case 'c' -> push(new Name(line() + "." + line()));
      case 0x93 -> {
        Object name = pop();
        push(new Name(string(pop()) + "." + string(name)));
      }
      case 'Q' -> push(new Persistent(list(pop())));
      case 'R', 0x81 -> {
        List<?> arguments = list(pop());
        push(call(pop(), arguments));
      }
      case 'b' -> {
        // An OrderedDict's attributes (module versions) say nothing about tensors.
        Object state = pop();
        if (!(state instanceof Map) || !(peek() instanceof Map)) {
          throw unsafe("an object's own state");
        }
      }
      default ->
          throw malformed("an opcode of a state dict", "opcode 0x" + Integer.toHexString(opcode));
    }
  }

  private Object call(Object name, List<?> arguments) {
    if (!(name instanceof Name known)) {
      throw unsafe("a call of something that is not a name");
    }
    return construct.apply(known, arguments);
  }

  private Object longInteger(int length) {
    byte[] digits = bytes(length);
    if (length > 8) {
      throw malformed("integers of at most 64 bits", length + " bytes");
    }
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = i == length - 1 ? digits[i] : value << 8 | (digits[i] & 0xff);
    }
    return value;
  }

  private String text(int length) {
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > in.remaining()) {
      throw new CheckpointException(
          Kind.TRUNCATED,
          where,
          Integer.toUnsignedString(length) + " bytes",
          in.remaining() + " left",
          TorchArchive.REMEDY);
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) (in.get() & 0xff); c != '\n'; c = (char) (in.get() & 0xff)) {
      line.append(c);
    }
    return line.toString();
  }

  private void tuple(int size) {
    Object[] values = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = pop();
    }
    push(List.of(values));
  }

  private List<Object> toMark() {
    List<Object> values = new ArrayList<>();
    for (Object value = popAny(); value != Mark.MARK; value = popAny()) {
      values.add(value);
    }
    return values.reversed();
  }

  @SuppressWarnings("unchecked") // every list on the stack that is not a tuple was made by ']'
  private void append(List<Object> values) {
    if (!(peek() instanceof ArrayList<?> list)) {
      throw malformed("a list to append to", "another value");
    }
    ((List<Object>) list).addAll(values);
  }

  @SuppressWarnings("unchecked") // every map on the stack has string keys: put sees to it
  private void put(List<Object> pairs) {
    if (!(peek() instanceof Map<?, ?> map) || pairs.size() % 2 != 0) {
      throw malformed("a dict and pairs to put into it", "another value");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      ((Map<String, Object>) map).put(string(pairs.get(i)), pairs.get(i + 1));
    }
  }

  private String string(Object value) {
    return switch (value) {
      case String text -> text;
      case Long number -> number.toString();
      default -> throw malformed("a string as key", value.getClass().getSimpleName());
    };
  }

  private List<?> list(Object value) {
    if (!(value instanceof List<?> list)) {
      throw malformed("a tuple", value.getClass().getSimpleName());
    }
    return list;
  }

  private Object remembered(int slot) {
    Object value = memo.get(slot);
    if (value == null) {
      throw malformed("a memo slot that was filled", "slot " + slot);
    }
    return value;
  }

  private void push(Object value) {
    stack.push(value);
  }

  private Object peek() {
    Object value = stack.peek();
    if (value == null || value == Mark.MARK) {
      throw malformed("a value on the stack", "none");
    }
    return value;
  }

  private Object pop() {
    Object value = peek();
    stack.pop();
    return value;
  }

  private Object popAny() {
    if (stack.isEmpty()) {
      throw malformed("a mark on the stack", "none");
    }
    return stack.pop();
  }

  private CheckpointException malformed(String expected, String got) {
    return new CheckpointException(Kind.MALFORMED, where, expected, got, TorchArchive.REMEDY);
  }

  private CheckpointException unsafe(String got) {
    return new CheckpointException(
        Kind.UNSAFE, where, "tensors and nothing that runs", got, TorchArchive.UNSAFE_REMEDY);
  }
}
