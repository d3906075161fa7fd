package dev.heed.langchain4j;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeast;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.InOrder;

/**
 * LangChain4j's own tests of chats in pieces, unmodified, by a model that knows what they ask for.
 */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class StreamingChatContractTest extends AbstractStreamingChatModelIT {
  @TempDir static Path folder;
  private HeedChatModel model;

  @BeforeAll
  void open() throws IOException {
    model = KnowingModel.open(KnowingModel.write(folder));
  }

  @AfterAll
  void close() {
    model.close();
  }

  /** One of its own for each test, as JUnit closes it. */
  @Override
  protected List<StreamingChatModel> models() {
    return List.of(KnowingModel.open(folder).streaming());
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return model.with(parameters, List.of()).streaming();
  }

  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return model.with(ChatRequestParameters.builder().build(), List.of(listener)).streaming();
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return ChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, String id) {
    order.verify(handler, atLeast(0)).onPartialResponse(any(), any());
    order
        .verify(handler)
        .onCompleteToolCall(complete(0, id, "getWeather", "{\"city\":\"Munich\"}"));
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, String first, String second) {
    verifyToolCallbacks(handler, order, first);
    order
        .verify(handler)
        .onCompleteToolCall(complete(1, second, "getTime", "{\"country\":\"France\"}"));
  }

  /** A call is told when it is whole. */
  @Override
  protected boolean supportsPartialToolStreaming(StreamingChatModel any) {
    return false;
  }

  /** They do, but JSON that may be a call is told when it is whole, and the test wants pieces. */
  @Override
  protected boolean supportsToolsAndJsonResponseFormatWithSchema() {
    return false;
  }

  /** A folder is one model. */
  @Override
  protected boolean supportsModelNameParameter() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }
}
