package dev.heed.langchain4j;

import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.nio.file.Path;
import java.util.List;

/** Vectors of texts by an encoder, as sentence-transformers makes them. */
public final class HeedEmbeddingModel extends DimensionAwareEmbeddingModel
    implements AutoCloseable {
  private final Embedder embedder;
  private final String name;

  /**
   * A model.
   *
   * @param embedder owned from now on
   * @param name that requests and listeners see
   */
  public HeedEmbeddingModel(Embedder embedder, String name) {
    this.embedder = embedder;
    this.name = name;
  }

  /**
   * Opens a folder, in f32.
   *
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   */
  public static HeedEmbeddingModel open(Path folder) {
    return new HeedEmbeddingModel(
        Embedder.open(ModelFiles.folder(folder), DType.F32), ChatSettings.of(folder).name());
  }

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    List<long[]> tokens =
        segments.stream().map(segment -> embedder.tokens(segment.text())).toList();
    List<Embedding> vectors =
        embedder.embedTokens(tokens, done -> {}).stream().map(Embedding::from).toList();
    return Response.from(
        vectors, new TokenUsage(tokens.stream().mapToInt(ids -> ids.length).sum()));
  }

  @Override
  public String modelName() {
    return name;
  }

  @Override
  public int dimension() {
    return embedder.size();
  }

  @Override
  public void close() {
    embedder.close();
  }
}
