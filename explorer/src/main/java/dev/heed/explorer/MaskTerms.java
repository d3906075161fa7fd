package dev.heed.explorer;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A mask that a request composes: its terms from left to right, each joined to those before. */
final class MaskTerms {
  private static final int MOST_TERMS = 8;
  private static final Set<String> NAMES = Set.of("join", "mask", "numbers");

  private MaskTerms() {}

  /**
   * Reads {@code terms}: a list of {@code {"join": "and" | "or" | "and-not", "mask": name,
   * "numbers": […]}}; the join of the first is not read.
   *
   * @param length of the sequence
   * @throws dev.heed.web.Problem 400 for what is no such list
   */
  static AttentionMask of(JsonNode json, int length) {
    JsonNode terms = json.path("terms");
    if (!terms.isArray() || terms.isEmpty() || terms.size() > MOST_TERMS) {
      throw RequestFields.wrong("terms", "a list of 1 to " + MOST_TERMS + " terms");
    }
    AttentionMask mask = AttentionMask.full();
    boolean first = true;
    for (JsonNode term : terms) {
      if (!term.isObject() || !NAMES.containsAll(term.propertyNames())) {
        throw RequestFields.wrong("terms", "objects of join, mask and numbers");
      }
      AttentionMask one = one(term, length);
      mask = first ? one : joined(mask, term.path("join").asString(""), one);
      first = false;
    }
    return mask;
  }

  private static AttentionMask joined(AttentionMask left, String join, AttentionMask right) {
    return switch (join) {
      case "and" -> left.and(right);
      case "or" -> left.or(right);
      case "and-not" -> left.and(right.not());
      default -> throw RequestFields.wrong("join", "and, or or and-not");
    };
  }

  private static AttentionMask one(JsonNode term, int length) {
    return switch (term.path("mask").asString("")) {
      case "full" -> AttentionMask.full();
      case "causal" -> AttentionMask.causal();
      case "window" -> AttentionMask.window(number(term, 0, 0, length), number(term, 1, 0, length));
      case "dilated" ->
          AttentionMask.dilatedWindow(
              number(term, 0, 0, length), number(term, 1, 0, length), number(term, 2, 1, length));
      case "first" -> AttentionMask.firstKeys(number(term, 0, 0, length));
      case "chunks" -> AttentionMask.chunks(number(term, 0, 1, length), List.of(0));
      case "global" -> global(number(term, 0, 1, length), length);
      case "documents" -> documents(number(term, 0, 1, length), length);
      default ->
          throw RequestFields.wrong(
              "mask", "full, causal, window, dilated, first, chunks, global or documents");
    };
  }

  /** Every so-manieth token, the first among them, sees all and is seen by all. */
  private static AttentionMask global(int every, int length) {
    boolean[] global = new boolean[length];
    for (int i = 0; i < length; i += every) {
      global[i] = true;
    }
    try (TensorScope scope = TensorScope.open()) {
      return AttentionMask.globalTokens(Tensor.of(global, 1, length));
    }
  }

  /** So many documents of one length, the last with what is left. */
  private static AttentionMask documents(int count, int length) {
    int[] lengths = new int[Math.min(count, length)];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = length * (i + 1) / lengths.length - length * i / lengths.length;
    }
    return AttentionMask.documents(lengths);
  }

  private static int number(JsonNode term, int at, int least, int most) {
    JsonNode value = term.path("numbers").path(at);
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw RequestFields.wrong("numbers", "whole numbers from " + least + " to " + most);
    }
    return value.intValue();
  }
}
