package dev.heed.langchain4j;

import dev.heed.task.ChatWriter;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** As {@link HeedChatModel}, in pieces as they are written, on a thread of its own. */
public final class HeedStreamingChatModel implements StreamingChatModel, AutoCloseable {
  private final ChatWriter writer;

  private final ChatSettings settings;

  HeedStreamingChatModel(ChatWriter writer, ChatSettings settings) {
    this.writer = writer;
    this.settings = settings;
  }

  /** Opens a folder, with the errors of {@link HeedChatModel#open}. */
  public static HeedStreamingChatModel open(Path folder) {
    return new HeedStreamingChatModel(ChatWriter.open(folder), ChatSettings.of(folder));
  }

  /** The same model with settings of its own, as {@link HeedChatModel#with}. */
  public HeedStreamingChatModel with(
      ChatRequestParameters defaults, List<ChatModelListener> listeners) {
    return new HeedStreamingChatModel(writer, settings.with(defaults, listeners));
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    Thread.ofPlatform()
        .name("heed-chat")
        .daemon()
        .start(() -> {
          ChatResponse response;
          try {
            response = Chats.answer(writer, settings, request, handler::onPartialResponse);
          } catch (RuntimeException e) {
            handler.onError(e);
            return;
          }
          handler.onCompleteResponse(response);
        });
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
