package dev.heed.langchain4j;

import dev.heed.task.Reranker;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** How well texts answer a query, by a cross-encoder. */
public final class HeedScoringModel implements ScoringModel, AutoCloseable {
  private final Reranker reranker;

  /**
   * A model.
   *
   * @param reranker owned from now on
   */
  public HeedScoringModel(Reranker reranker) {
    this.reranker = reranker;
  }

  /**
   * Opens a folder.
   *
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model that does not give a pair of texts one score
   */
  public static HeedScoringModel open(Path folder) {
    return new HeedScoringModel(Reranker.open(folder));
  }

  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    double[] scores = reranker.scores(query, segments.stream().map(TextSegment::text).toList());
    return Response.from(Arrays.stream(scores).boxed().toList());
  }

  @Override
  public void close() {
    reranker.close();
  }
}
