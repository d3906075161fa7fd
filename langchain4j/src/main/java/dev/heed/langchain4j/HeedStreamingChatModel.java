package dev.heed.langchain4j;

import dev.heed.task.ChatWriter;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * As {@link HeedChatModel}, in pieces as they are written, on a thread of its own. Who is told of a
 * piece may end the answer by its handle; what he throws is told to {@code onError}, and the answer
 * goes on, as LangChain4j has it.
 */
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
    Chats.Asked asked = Chats.asked(settings, request);
    Thread.ofPlatform()
        .name("heed-chat")
        .daemon()
        .start(() -> {
          Handle handle = new Handle();
          ChatResponse response;
          try {
            response =
                Chats.answer(
                    writer,
                    settings,
                    asked,
                    piece -> {
                      InternalStreamingChatResponseHandlerUtils.onPartialResponse(
                          handler, piece, handle);
                      handle.requireWanted();
                    });
          } catch (RuntimeException e) {
            if (!handle.isCancelled()) {
              handler.onError(e);
            }
            return;
          }
          if (handle.isCancelled()) {
            return;
          }
          int index = 0;
          for (ToolExecutionRequest call : response.aiMessage().toolExecutionRequests()) {
            InternalStreamingChatResponseHandlerUtils.onCompleteToolCall(
                handler, new CompleteToolCall(index++, call));
          }
          InternalStreamingChatResponseHandlerUtils.onCompleteResponse(handler, response);
        });
  }

  /** By which who is told of an answer ends it. */
  private static final class Handle implements StreamingHandle {
    private volatile boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    void requireWanted() {
      if (cancelled) {
        throw new CancellationException("nobody waits for the answer");
      }
    }
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
