package dev.heed.generate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One turn of a chat.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text
 * @param calls the tools that an assistant called; empty for none
 * @param name of the tool whose result this is, or null
 * @param callId the id of the call whose result this is, or null
 */
public record ChatMessage(
    String role,
    String content,
    List<ToolCall> calls,
    @Nullable String name,
    @Nullable String callId) {
  /** Copies the list. */
  public ChatMessage {
    calls = List.copyOf(calls);
  }

  private ChatMessage(String role, String content) {
    this(role, content, List.of(), null, null);
  }

  /** What a user says. */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /** What holds for the whole chat. */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /** What the model said. */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }

  /** What the model said and called. */
  public static ChatMessage assistant(String content, List<ToolCall> calls) {
    return new ChatMessage("assistant", content, calls, null, null);
  }

  /**
   * What a tool gave back.
   *
   * @param call that asked for it
   */
  public static ChatMessage tool(ToolCall call, String content) {
    return new ChatMessage("tool", content, List.of(), call.name(), call.id());
  }

  /** Adds it to a list, in the shape that chat templates read. */
  void write(ArrayNode to) {
    ObjectNode message = to.addObject().put("role", role).put("content", content);
    if (!calls.isEmpty()) {
      ArrayNode list = message.putArray("tool_calls");
      calls.forEach(call -> call.write(list.addObject()));
    }
    if (name != null) {
      message.put("name", name);
    }
    if (callId != null) {
      message.put("tool_call_id", callId);
    }
  }
}
