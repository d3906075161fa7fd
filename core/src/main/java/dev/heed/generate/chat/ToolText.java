package dev.heed.generate.chat;

import dev.heed.generate.Completion;
import dev.heed.text.Tokenizer;
import java.util.List;

/**
 * The text of an answer that may call tools: what may be the beginning of a call is held back to
 * the end, when it is known whether it is one.
 *
 * <p>For one answer, told by one thread.
 */
public final class ToolText {
  private static final List<String> MARKS =
      List.of("<tool_call>", "<function=", "[TOOL_CALLS]", "<|tool_call|>", "<|python_tag|>");

  private final Tokenizer tokenizer;
  private final StringBuilder told = new StringBuilder();
  private final StringBuilder held = new StringBuilder();
  private boolean holds;

  /**
   * An answer that begins.
   *
   * @param tokenizer the model's
   */
  public ToolText(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * What an answer says and calls.
   *
   * @param text without the calls
   * @param calls in order; empty for none
   */
  public record Answer(String text, List<ToolCall> calls) {
    /** Copies the list. */
    public Answer {
      calls = List.copyOf(calls);
    }
  }

  /**
   * Takes a token more.
   *
   * @param token its id
   * @param piece the text that it ends, perhaps empty
   * @return what may be told now, perhaps empty
   */
  public String add(int token, String piece) {
    held.append(piece);
    holds |= tokenizer.isSpecial(token);
    if (holds) {
      return "";
    }
    int ready = settled(held.toString());
    holds = MARKS.stream().anyMatch(mark -> held.indexOf(mark) >= 0);
    String text = held.substring(0, ready);
    held.delete(0, ready);
    told.append(text);
    return text;
  }

  /** How many first characters cannot belong to a call. */
  private int settled(String text) {
    if (told.toString().isBlank()) {
      // a call may be the whole answer, in JSON
      String begin = text.stripLeading();
      if (begin.isEmpty() || begin.startsWith("{") || begin.startsWith("[")) {
        return 0;
      }
    }
    int ready = text.length();
    for (String mark : MARKS) {
      int whole = text.indexOf(mark);
      if (whole >= 0) {
        ready = Math.min(ready, whole);
      }
      for (int n = Math.min(mark.length() - 1, text.length()); n > 0; n--) {
        if (text.endsWith(mark.substring(0, n))) {
          ready = Math.min(ready, text.length() - n);
        }
      }
    }
    return ready;
  }

  /** What was told so far. */
  public String told() {
    return told.toString();
  }

  /** What a whole answer says and calls. */
  public Answer end(Completion completion) {
    int[] tokens = completion.generated().continuation();
    int size = tokens.length;
    if (size > 0 && tokenizer.isSpecial(tokens[size - 1])) {
      size--; // the end token
    }
    long[] ids = new long[size];
    for (int i = 0; i < size; i++) {
      ids[i] = tokens[i];
    }
    ToolCalls parsed = ToolCalls.parse(tokenizer.decode(ids, true));
    return parsed.calls().isEmpty()
        ? new Answer(completion.text(), List.of())
        : new Answer(parsed.text(), parsed.calls());
  }
}
