package dev.heed.langchain4j;

import dev.heed.task.ChatWriter;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.nio.file.Path;
import java.util.Set;

/** As {@link HeedChatModel}, in pieces as they are written, on a thread of its own. */
public final class HeedStreamingChatModel implements StreamingChatModel, AutoCloseable {
  private final ChatWriter writer;

  HeedStreamingChatModel(ChatWriter writer) {
    this.writer = writer;
  }

  /** Opens a folder, with the errors of {@link HeedChatModel#open}. */
  public static HeedStreamingChatModel open(Path folder) {
    return new HeedStreamingChatModel(ChatWriter.open(folder));
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    Thread.ofPlatform()
        .name("heed-chat")
        .daemon()
        .start(() -> {
          ChatResponse response;
          try {
            response = Chats.answer(writer, request, handler::onPartialResponse);
          } catch (RuntimeException e) {
            handler.onError(e);
            return;
          }
          handler.onCompleteResponse(response);
        });
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
