package dev.heed.spring;

import dev.heed.generate.chat.ChatMessage;
import dev.heed.generate.chat.ToolCall;
import dev.heed.generate.chat.ToolCalls;
import dev.heed.task.ChatWish;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Spring AI's prompts as Heed's chats. */
final class Prompts {
  private Prompts() {}

  /**
   * Messages of all kinds that are texts.
   *
   * @throws IllegalArgumentException for others
   */
  static List<ChatMessage> messages(List<Message> messages) {
    return messages.stream().flatMap(Prompts::turns).toList();
  }

  private static Stream<ChatMessage> turns(Message message) {
    return switch (message) {
      case SystemMessage system -> Stream.of(ChatMessage.system(text(system)));
      case UserMessage user when user.getMedia().isEmpty() ->
          Stream.of(ChatMessage.user(text(user)));
      case AssistantMessage said when said.getMedia().isEmpty() ->
          Stream.of(
              ChatMessage.assistant(
                  text(said),
                  said.getToolCalls().stream()
                      .map(call ->
                          new ToolCall(
                              call.id(),
                              call.name(),
                              ToolCalls.object("arguments", call.arguments())))
                      .toList()));
      case ToolResponseMessage results ->
          results.getResponses().stream()
              .map(result ->
                  ChatMessage.tool(
                      new ToolCall(
                          result.id(), result.name(), JsonMapper.shared().createObjectNode()),
                      result.responseData()));
      default ->
          throw new IllegalArgumentException(
              "messages: expected texts of system, user, assistant and tools, got "
                  + message.getMessageType()
                  + " with something else");
    };
  }

  private static String text(Message message) {
    String text = message.getText();
    return text == null ? "" : text;
  }

  /** What is wished, options that are null being the model's own. */
  static ChatWish wish(@Nullable ChatOptions options) {
    if (options == null) {
      return ChatWish.NONE;
    }
    List<String> stops = options.getStopSequences();
    String schema =
        options instanceof StructuredOutputChatOptions form ? form.getOutputSchema() : null;
    return new ChatWish(
        options.getMaxTokens(),
        options.getTemperature(),
        options.getTopP(),
        options.getTopK(),
        options.getFrequencyPenalty(),
        options.getPresencePenalty(),
        null,
        stops == null ? List.of() : stops,
        schema == null ? null : ToolCalls.object("outputSchema", schema),
        options instanceof ToolCallingChatOptions calling
            ? tools(calling.getToolCallbacks())
            : List.of(),
        false);
  }

  private static List<JsonNode> tools(@Nullable List<ToolCallback> given) {
    return given == null
        ? List.of()
        : given.stream().map(tool -> tool(tool.getToolDefinition())).toList();
  }

  private static JsonNode tool(ToolDefinition given) {
    ObjectNode tool = JsonMapper.shared().createObjectNode().put("type", "function");
    tool.putObject("function")
        .put("name", given.name())
        .put("description", given.description())
        .set("parameters", ToolCalls.object("inputSchema of " + given.name(), given.inputSchema()));
    return tool;
  }
}
