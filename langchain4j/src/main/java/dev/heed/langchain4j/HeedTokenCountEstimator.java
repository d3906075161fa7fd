package dev.heed.langchain4j;

import dev.heed.task.ChatWriter;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.List;

/** Counts tokens as a model does: exactly, its chat template included. */
public final class HeedTokenCountEstimator implements TokenCountEstimator {
  private final ChatWriter writer;

  HeedTokenCountEstimator(ChatWriter writer) {
    this.writer = writer;
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return writer.count(text);
  }

  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return estimateTokenCountInMessages(List.of(message));
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    return writer.count(Chats.messages(messages));
  }
}
