package dev.heed.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Turns what LibTorch throws into our exceptions: one readable sentence, never a C++ trace. */
final class NativeErrors {
  private static final Pattern ABOUT_SHAPES =
      Pattern.compile("size|shape|dimension|dim |must match|broadcast|expand|index \\d+ is out");

  private static final Pattern ABOUT_TYPES =
      Pattern.compile(
          "not implemented for '|same dtype|expected scalar type|following scalar types");

  /** Stands for the operands in a message. */
  private static final String GOT = "@";

  private NativeErrors() {}

  static RuntimeException translate(String operation, RuntimeException error, Tensor... operands) {
    if (error instanceof LackingOperatorException) {
      return new LackingOperatorException(operation + ": " + error.getMessage());
    }
    if (error instanceof TensorException || error instanceof IllegalStateException) {
      return error; // our own already: LibTorch's arrive as plain RuntimeExceptions
    }
    List<Tensor> given = Arrays.stream(operands).filter(Objects::nonNull).toList();
    String got = given.stream().map(Tensor::describe).collect(Collectors.joining(" and "));
    String reason = firstSentence(error.getMessage());
    String expected = expected(operation, reason, given);
    String message =
        expected == null
            ? operation + "(" + got.replace(" and ", ", ") + "): " + reason
            : operation + ": expected " + expected.replace(GOT, "got " + got);
    return ABOUT_SHAPES.matcher(reason.toLowerCase(Locale.ROOT)).find()
            && !ABOUT_TYPES.matcher(reason).find()
        ? new ShapeException(message)
        : new TensorException(message);
  }

  /** What is most often wrong, in terms of the operation; null for the rest. */
  private static @Nullable String expected(String operation, String reason, List<Tensor> given) {
    if (operation.equals("embedding") && given.size() == 2) {
      return ABOUT_TYPES.matcher(reason).find()
          ? "ids of i64 or i32, " + GOT
          : reason.startsWith("index out of range")
              ? "ids from 0 to " + (given.getFirst().size(0) - 1) + ", " + GOT + extremes(given)
              : null;
    }
    if (ABOUT_TYPES.matcher(reason).find()) {
      boolean one = given.stream().map(Tensor::dtype).distinct().count() == 1;
      return (one ? "floating-point elements, " : "operands of one type, ")
          + GOT
          + "; convert with to(…)";
    }
    if (reason.startsWith("mat1 and mat2 shapes")) {
      return operation.equals("linear")
          ? "an input [..., " + given.get(1).size(-1) + "] for this weight, " + GOT
          : "the last size of the first to be the last but one of the second, " + GOT;
    }
    if (reason.contains("does not require grad")) {
      return "a result of parameters that require gradients, " + GOT;
    }
    return null;
  }

  private static String extremes(List<Tensor> given) {
    long[] ids = given.getLast().toLongArray();
    return " with ids from "
        + LongStream.of(ids).min().orElse(0)
        + " to "
        + LongStream.of(ids).max().orElse(0);
  }

  /** LibTorch's messages continue with where in its source the error was raised. */
  private static String firstSentence(@Nullable String message) {
    if (message == null) {
      return "refused by LibTorch without a reason";
    }
    int trace = message.indexOf("\nException raised from");
    String own = trace < 0 ? message : message.substring(0, trace);
    return own.strip();
  }
}
