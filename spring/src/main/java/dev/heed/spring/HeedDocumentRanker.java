package dev.heed.spring;

import dev.heed.task.Reranker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;

/** Orders found documents by how well they answer the query, by a cross-encoder. */
public final class HeedDocumentRanker implements DocumentPostProcessor, HeedModel {
  private final Reranker reranker;

  /**
   * A ranker.
   *
   * @param reranker owned from now on
   */
  public HeedDocumentRanker(Reranker reranker) {
    this.reranker = reranker;
  }

  /**
   * Opens a folder.
   *
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model that does not give a pair of texts one score
   */
  public static HeedDocumentRanker open(Path folder) {
    return new HeedDocumentRanker(Reranker.open(folder));
  }

  /**
   * The same documents, the best one first, each with its score.
   *
   * @throws IllegalArgumentException for a document that is no text
   */
  @Override
  public List<Document> process(Query query, List<Document> documents) {
    List<String> texts = new ArrayList<>();
    for (Document document : documents) {
      String text = document.getText();
      if (text == null) {
        throw new IllegalArgumentException(
            "documents: expected texts, got another kind at " + texts.size());
      }
      texts.add(text);
    }
    double[] scores = reranker.scores(query.text(), texts);
    List<Document> ranked = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      ranked.add(documents.get(i).mutate().score(scores[i]).build());
    }
    ranked.sort(Comparator.comparing(Document::getScore, Comparator.reverseOrder()));
    return ranked;
  }

  @Override
  public String kind() {
    return "ranking";
  }

  @Override
  public void check() {
    reranker.scores("a", List.of("a"));
  }

  @Override
  public void close() {
    reranker.close();
  }
}
