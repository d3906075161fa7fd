package dev.heed.server;

import dev.heed.generate.Completion;
import dev.heed.generate.chat.ToolCall;
import dev.heed.generate.chat.ToolCalls;
import dev.heed.text.Tokenizer;
import java.util.List;

/**
 * The text of an answer that may call tools: what may be the beginning of a call is held back to
 * the end, when it is known whether it is one.
 */
final class ToolText {
  private static final List<String> MARKS =
      List.of("<tool_call>", "<function=", "[TOOL_CALLS]", "<|tool_call|>", "<|python_tag|>");

  private final Tokenizer tokenizer;
  private final StringBuilder told = new StringBuilder();
  private final StringBuilder held = new StringBuilder();
  private boolean holds;

  ToolText(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** What an answer says and calls. */
  record Answer(String text, List<ToolCall> calls) {}

  /** What may be told with one token more; may be empty. */
  String add(int token, String piece) {
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
  String told() {
    return told.toString();
  }

  /** What a whole answer says and calls. */
  Answer end(Completion completion) {
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
