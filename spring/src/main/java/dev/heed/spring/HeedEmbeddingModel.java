package dev.heed.spring;

import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.AbstractEmbeddingModel;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;

/** Vectors of texts by an encoder, as sentence-transformers makes them. */
public final class HeedEmbeddingModel extends AbstractEmbeddingModel implements HeedModel {
  private final Embedder embedder;

  /**
   * A model.
   *
   * @param embedder owned from now on
   */
  public HeedEmbeddingModel(Embedder embedder) {
    this.embedder = embedder;
  }

  /**
   * Opens a folder, in f32.
   *
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   */
  public static HeedEmbeddingModel open(Path folder) {
    return new HeedEmbeddingModel(Embedder.open(ModelFiles.folder(folder), DType.F32));
  }

  /**
   * Vectors of texts, in order.
   *
   * @throws IllegalArgumentException for a number of dimensions that is not the model's
   */
  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    EmbeddingOptions options = request.getOptions();
    if (options != null
        && options.getDimensions() != null
        && options.getDimensions() != dimensions()) {
      throw new IllegalArgumentException(
          "dimensions: expected " + dimensions() + ", got " + options.getDimensions());
    }
    List<long[]> tokens = request.getInstructions().stream().map(embedder::tokens).toList();
    List<Embedding> vectors = new ArrayList<>();
    for (float[] vector : embedder.embedTokens(tokens, done -> {})) {
      vectors.add(new Embedding(vector, vectors.size()));
    }
    int count = tokens.stream().mapToInt(ids -> ids.length).sum();
    return new EmbeddingResponse(
        vectors, new EmbeddingResponseMetadata("heed", new DefaultUsage(count, 0)));
  }

  /**
   * The vector of a document's text.
   *
   * @throws IllegalArgumentException for a document that is no text
   */
  @Override
  public float[] embed(Document document) {
    String text = getEmbeddingContent(document);
    if (text == null) {
      throw new IllegalArgumentException("document: expected a text, got another kind");
    }
    return embed(text);
  }

  @Override
  public int dimensions() {
    return embedder.size();
  }

  @Override
  public String kind() {
    return "embedding";
  }

  @Override
  public void check() {
    embed("a");
  }

  @Override
  public void close() {
    embedder.close();
  }
}
