package dev.heed.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns what LibTorch throws into our exceptions: one readable sentence, never a C++ trace. */
final class NativeErrors {
  private static final Pattern ABOUT_SHAPES =
      Pattern.compile("size|shape|dimension|dim |must match|broadcast|expand|index \\d+ is out");

  private NativeErrors() {}

  static RuntimeException translate(String operation, RuntimeException error, Tensor... operands) {
    if (error instanceof TensorException || error instanceof IllegalStateException) {
      return error; // our own already: LibTorch's arrive as plain RuntimeExceptions
    }
    String got =
        Arrays.stream(operands)
            .filter(operand -> operand != null)
            .map(Tensor::describe)
            .collect(Collectors.joining(", "));
    String reason = firstSentence(error.getMessage());
    String message = operation + "(" + got + "): " + reason;
    if (ABOUT_SHAPES.matcher(reason.toLowerCase(Locale.ROOT)).find()) {
      return new ShapeException(message);
    }
    return new TensorException(message);
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
