package dev.heed.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own tests of chats, unmodified, by a model that knows what they ask for. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class ChatContractTest extends AbstractChatModelIT {
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
  protected List<ChatModel> models() {
    return List.of(KnowingModel.open(folder));
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return model.with(parameters, List.of());
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return ChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
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
