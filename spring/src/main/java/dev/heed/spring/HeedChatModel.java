package dev.heed.spring;

import dev.heed.generate.search.Finish;
import dev.heed.task.ChatWish;
import dev.heed.task.ChatWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Answers in a chat, by a model with a chat template. An answer may be bound to a JSON schema, and
 * may ask for tools, which Spring AI's chat client calls.
 */
public final class HeedChatModel implements ChatModel, HeedModel {
  private final ChatWriter writer;

  /**
   * A model.
   *
   * @param writer owned from now on
   */
  public HeedChatModel(ChatWriter writer) {
    this.writer = writer;
  }

  /**
   * Opens a folder or file, weights as they are stored.
   *
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   * @throws IllegalArgumentException for a model that does not write, or has no chat template
   */
  public static HeedChatModel open(Path folder) {
    return new HeedChatModel(ChatWriter.open(folder));
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    ChatWriter.Answer answer =
        writer.answer(
            Prompts.messages(prompt.getInstructions()),
            Prompts.wish(prompt.getOptions()),
            piece -> {});
    return response(answer, answer.text());
  }

  /** The answer in pieces as they are written; a subscriber that leaves ends it. */
  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.create(
        sink -> Thread.ofPlatform().name("heed-chat").daemon().start(() -> stream(prompt, sink)));
  }

  private void stream(Prompt prompt, FluxSink<ChatResponse> sink) {
    try {
      ChatWriter.Answer answer =
          writer.answer(
              Prompts.messages(prompt.getInstructions()),
              Prompts.wish(prompt.getOptions()),
              piece -> {
                if (sink.isCancelled()) {
                  throw new CancellationException("the subscriber has left");
                }
                sink.next(new ChatResponse(List.of(new Generation(new AssistantMessage(piece)))));
              });
      sink.next(response(answer, ""));
      sink.complete();
    } catch (RuntimeException e) {
      sink.error(e);
    }
  }

  private static ChatResponse response(ChatWriter.Answer answer, String text) {
    List<AssistantMessage.ToolCall> calls =
        answer.calls().stream()
            .map(call ->
                new AssistantMessage.ToolCall(
                    "call_" + UUID.randomUUID(),
                    "function",
                    call.name(),
                    call.arguments().toString()))
            .toList();
    String finish =
        !calls.isEmpty() ? "TOOL_CALLS" : answer.finish() == Finish.LENGTH ? "LENGTH" : "STOP";
    return ChatResponse.builder()
        .generations(
            List.of(
                new Generation(
                    AssistantMessage.builder().content(text).toolCalls(calls).build(),
                    ChatGenerationMetadata.builder().finishReason(finish).build())))
        .metadata(
            ChatResponseMetadata.builder()
                .model("heed")
                .usage(new DefaultUsage(answer.promptTokens(), answer.tokens()))
                .build())
        .build();
  }

  @Override
  public ChatOptions getOptions() {
    return HeedChatOptions.builder().build();
  }

  @Override
  public String kind() {
    return "chat";
  }

  @Override
  public void check() {
    writer.answer(
        List.of(dev.heed.generate.chat.ChatMessage.user("a")),
        ChatWish.NONE.withLongest(1),
        piece -> {});
  }

  @Override
  public void close() {
    writer.close();
  }
}
