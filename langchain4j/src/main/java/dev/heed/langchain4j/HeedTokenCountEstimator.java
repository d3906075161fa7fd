package dev.heed.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.ArrayList;
import java.util.List;

/** Counts tokens as a model does: exactly, its chat template included. */
public final class HeedTokenCountEstimator implements TokenCountEstimator {
  private final ChatWriter writer;

  HeedTokenCountEstimator(ChatWriter writer) {
    this.writer = writer;
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return writer.writer().tokens(text).length;
  }

  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return estimateTokenCountInMessages(List.of(message));
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    List<ChatMessage> all = new ArrayList<>();
    messages.forEach(all::add);
    return writer.writer().templateTokens(writer.prompt(all)).length;
  }
}
