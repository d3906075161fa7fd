package dev.heed.langchain4j;

import dev.heed.generate.chat.ToolCall;
import dev.heed.generate.chat.ToolCalls;
import dev.heed.generate.search.Finish;
import dev.heed.task.ChatWish;
import dev.heed.task.ChatWriter;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** LangChain4j's chats as Heed's, and back. */
final class Chats {
  private Chats() {}

  /** A request as Heed has it. */
  record Asked(List<dev.heed.generate.chat.ChatMessage> messages, ChatWish wish) {}

  /**
   * Reads a request.
   *
   * @throws UnsupportedFeatureException for another model's name, and for more than text
   */
  static Asked asked(ChatSettings settings, ChatRequest request) {
    settings.check(request.parameters().modelName());
    return new Asked(messages(request.messages()), wish(request.parameters()));
  }

  /**
   * Answers.
   *
   * @param pieces is told the text as it comes
   */
  static ChatResponse answer(
      ChatWriter writer, ChatSettings settings, Asked asked, Consumer<String> pieces) {
    ChatWriter.Answer answer = writer.answer(asked.messages(), asked.wish(), pieces);
    List<ToolExecutionRequest> calls =
        answer.calls().stream()
            .map(call ->
                ToolExecutionRequest.builder()
                    .id("call_" + UUID.randomUUID())
                    .name(call.name())
                    .arguments(call.arguments().toString())
                    .build())
            .toList();
    return ChatResponse.builder()
        .id("chat_" + UUID.randomUUID())
        .modelName(settings.name())
        .aiMessage(
            AiMessage.builder()
                .text(answer.text().isEmpty() && !calls.isEmpty() ? null : answer.text())
                .toolExecutionRequests(calls)
                .build())
        .tokenUsage(new TokenUsage(answer.promptTokens(), answer.tokens()))
        .finishReason(
            !calls.isEmpty()
                ? FinishReason.TOOL_EXECUTION
                : answer.finish() == Finish.LENGTH ? FinishReason.LENGTH : FinishReason.STOP)
        .build();
  }

  /** Messages of all kinds that are texts. */
  static List<dev.heed.generate.chat.ChatMessage> messages(Iterable<ChatMessage> messages) {
    List<dev.heed.generate.chat.ChatMessage> turns = new ArrayList<>();
    messages.forEach(message -> turns.add(turn(message)));
    return turns;
  }

  private static dev.heed.generate.chat.ChatMessage turn(ChatMessage message) {
    return switch (message) {
      case SystemMessage system -> dev.heed.generate.chat.ChatMessage.system(system.text());
      case UserMessage user when user.hasSingleText() ->
          dev.heed.generate.chat.ChatMessage.user(user.singleText());
      case AiMessage said ->
          dev.heed.generate.chat.ChatMessage.assistant(
              orEmpty(said.text()),
              said.toolExecutionRequests().stream()
                  .map(call ->
                      new ToolCall(
                          orEmpty(call.id()),
                          call.name(),
                          ToolCalls.object("arguments", orEmpty(call.arguments()))))
                  .toList());
      case ToolExecutionResultMessage result ->
          dev.heed.generate.chat.ChatMessage.tool(
              new ToolCall(
                  orEmpty(result.id()), result.toolName(), JsonMapper.shared().createObjectNode()),
              result.text());
      default ->
          throw new UnsupportedFeatureException(
              "messages: expected texts of system, user, assistant and tools, got "
                  + message.type()
                  + " with "
                  + contents(message)
                  + ", which is not supported");
    };
  }

  private static String contents(ChatMessage message) {
    return message instanceof UserMessage user
        ? user.contents().stream()
            .map(content -> content.type().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" and "))
        : "something else";
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static ChatWish wish(ChatRequestParameters given) {
    List<JsonNode> tools =
        given.toolChoice() == ToolChoice.NONE
            ? List.of()
            : given.toolSpecifications().stream().map(Chats::tool).toList();
    return new ChatWish(
        given.maxOutputTokens(),
        given.temperature(),
        given.topP(),
        given.topK(),
        given.frequencyPenalty(),
        given.presencePenalty(),
        null,
        given.stopSequences(),
        schema(given.responseFormat()),
        tools,
        given.toolChoice() == ToolChoice.REQUIRED);
  }

  private static JsonNode tool(ToolSpecification given) {
    ObjectNode tool = JsonMapper.shared().createObjectNode().put("type", "function");
    ObjectNode function = tool.putObject("function").put("name", given.name());
    if (given.description() != null) {
      function.put("description", given.description());
    }
    if (given.parameters() != null) {
      function.set(
          "parameters",
          JsonMapper.shared().valueToTree(JsonSchemaElementUtils.toMap(given.parameters())));
    }
    return tool;
  }

  private static @Nullable JsonNode schema(@Nullable ResponseFormat format) {
    if (format == null || format.type() == ResponseFormatType.TEXT) {
      return null;
    }
    return format.jsonSchema() == null
        ? JsonMapper.shared().createObjectNode().put("type", "object")
        : JsonMapper.shared()
            .valueToTree(JsonSchemaElementUtils.toMap(format.jsonSchema().rootElement(), true));
  }
}
