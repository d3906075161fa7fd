package dev.heed.langchain4j;

import dev.heed.fixture.TinyModels;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own tests of what listeners are told, unmodified. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and the tests
class StreamingChatListenerContractTest extends AbstractStreamingChatModelListenerIT {
  @TempDir Path folder;
  private HeedChatModel model;

  @AfterEach
  void close() {
    model.close();
  }

  @Override
  protected StreamingChatModel createModel(ChatModelListener listener) {
    try {
      model = HeedChatModel.open(TinyModels.writer(folder.resolve("writer")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return model
        .with(
            DefaultChatRequestParameters.builder()
                .temperature(temperature())
                .topP(topP())
                .maxOutputTokens(maxTokens())
                .build(),
            List.of(listener))
        .streaming();
  }

  @Override
  protected String modelName() {
    return "writer";
  }

  @Override
  protected StreamingChatModel createFailingModel(ChatModelListener listener) {
    StreamingChatModel failing = createModel(listener);
    model.close();
    return failing;
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return IllegalStateException.class;
  }
}
