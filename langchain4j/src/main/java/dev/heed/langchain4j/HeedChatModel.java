package dev.heed.langchain4j;

import dev.heed.task.ChatWriter;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Answers in a chat, by a model with a chat template. An answer may be bound to a JSON schema, and
 * may call tools.
 */
public final class HeedChatModel implements ChatModel, AutoCloseable {
  private final ChatWriter writer;

  private final ChatSettings settings;

  private HeedChatModel(ChatWriter writer, ChatSettings settings) {
    this.writer = writer;
    this.settings = settings;
  }

  /**
   * Opens a folder or file, weights as they are stored.
   *
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   * @throws IllegalArgumentException for a model that does not write, or has no chat template
   */
  public static HeedChatModel open(Path folder) {
    return new HeedChatModel(ChatWriter.open(folder), ChatSettings.of(folder));
  }

  /**
   * The same model with settings of its own: closing one closes both.
   *
   * @param defaults where a request says nothing
   * @param listeners are told of requests, answers and errors
   * @throws dev.langchain4j.exception.UnsupportedFeatureException for the name of another model
   */
  public HeedChatModel with(ChatRequestParameters defaults, List<ChatModelListener> listeners) {
    return new HeedChatModel(writer, settings.with(defaults, listeners));
  }

  /** The same model, answering in pieces: closing one closes both. */
  public HeedStreamingChatModel streaming() {
    return new HeedStreamingChatModel(writer, settings);
  }

  /** Counts tokens as this model does, its chat template included. */
  public HeedTokenCountEstimator tokens() {
    return new HeedTokenCountEstimator(writer);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return Chats.answer(writer, settings, Chats.asked(settings, request), piece -> {});
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return settings.parameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return settings.listeners();
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
