package dev.heed.langchain4j;

import dev.heed.task.ChatWriter;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.nio.file.Path;
import java.util.Set;

/**
 * Answers in a chat, by a model with a chat template. An answer may be bound to a JSON schema, and
 * may call tools.
 */
public final class HeedChatModel implements ChatModel, AutoCloseable {
  private final ChatWriter writer;

  private HeedChatModel(ChatWriter writer) {
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

  /** The same model, answering in pieces: closing one closes both. */
  public HeedStreamingChatModel streaming() {
    return new HeedStreamingChatModel(writer);
  }

  /** Counts tokens as this model does, its chat template included. */
  public HeedTokenCountEstimator tokens() {
    return new HeedTokenCountEstimator(writer);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return Chats.answer(writer, request, piece -> {});
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  @Override
  public void close() {
    writer.close();
  }
}
