package dev.heed.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TinyModels;
import dev.heed.vector.LuceneStore;
import dev.heed.vector.Metric;
import dev.heed.vector.Search;
import dev.heed.vector.VectorEntry;
import dev.heed.vector.VectorStore;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's services over texts that lie in a folder of Lucene's. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class LuceneRetrievalTest {
  private static final List<String> TEXTS = List.of("c c c", "a b", "b c a", "a");

  @TempDir Path folder;

  /** What LangChain4j implements. */
  interface Assistant {
    Result<String> answer(String question);
  }

  private static void fill(Path to, HeedEmbeddingModel embeddings) {
    try (VectorStore store = LuceneStore.create(to, Metric.COSINE)) {
      for (int i = 0; i < TEXTS.size(); i++) {
        String text = TEXTS.get(i);
        float[] vector = embeddings.embed(text).content().vector();
        store.add(new VectorEntry(i, vector, i, text.getBytes(StandardCharsets.UTF_8)));
      }
      store.commit();
    }
  }

  @Test
  void a_question_is_put_to_the_model_with_what_was_found() throws IOException {
    Path texts = folder.resolve("texts");
    List<String> asked = new ArrayList<>();
    ChatModelListener listener =
        new ChatModelListener() {
          @Override
          public void onRequest(ChatModelRequestContext context) {
            asked.add(context.chatRequest().messages().toString());
          }
        };
    try (HeedEmbeddingModel embeddings =
            HeedEmbeddingModel.open(TinyModels.embedder(folder.resolve("encoder")));
        HeedChatModel chat = HeedChatModel.open(TinyModels.writer(folder.resolve("writer")))) {
      fill(texts, embeddings);
      try (VectorStore store = LuceneStore.open(texts)) {
        ContentRetriever retriever =
            query ->
                store
                    .nearest(embeddings.embed(query.text()).content().vector(), Search.of(2))
                    .stream()
                    .map(near -> Content.from(new String(near.payload(), StandardCharsets.UTF_8)))
                    .toList();
        Assistant assistant =
            AiServices.builder(Assistant.class)
                .chatModel(
                    chat.with(
                        DefaultChatRequestParameters.builder().maxOutputTokens(6).build(),
                        List.of(listener)))
                .contentRetriever(retriever)
                .build();
        Result<String> answer = assistant.answer("a b");
        assertThat(answer.sources()).hasSize(2);
        assertThat(answer.sources().getFirst().textSegment().text()).isEqualTo("a b");
        assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(6);
        assertThat(asked).hasSize(1);
        for (Content source : answer.sources()) {
          assertThat(asked.getFirst()).contains(source.textSegment().text());
        }
        assertThat(asked.getFirst()).doesNotContain("c c c");
      }
    }
  }
}
