package dev.heed.langchain4j;

import dev.heed.fixture.TinyModels;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own tests of models of embeddings, unmodified. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class EmbeddingContractTest extends AbstractEmbeddingModelIT {
  private static Path encoder;
  private final List<HeedEmbeddingModel> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(HeedEmbeddingModel::close);
  }

  @BeforeAll
  static void write(@TempDir Path folder) throws IOException {
    encoder = TinyModels.embedder(folder.resolve("encoder"));
  }

  /** JUnit closes an argument that can be closed: each gets a model of its own. */
  @Override
  protected List<EmbeddingModel> models() {
    return List.of(HeedEmbeddingModel.open(encoder));
  }

  @Override
  protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
    HeedEmbeddingModel model = HeedEmbeddingModel.open(encoder);
    opened.add(model);
    return model.addListener(listener);
  }

  @Override
  protected boolean supportsInputTypeParameter() {
    return false;
  }

  @Override
  protected boolean supportsDimensionsParameter() {
    return false;
  }

  @Override
  protected boolean supportsImageInput() {
    return false;
  }

  @Override
  protected boolean supportsInterleavedInput() {
    return false;
  }
}
