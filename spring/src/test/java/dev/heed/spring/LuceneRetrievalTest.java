package dev.heed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TinyModels;
import dev.heed.vector.LuceneStore;
import dev.heed.vector.Metric;
import dev.heed.vector.Search;
import dev.heed.vector.VectorEntry;
import dev.heed.vector.VectorStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.rag.advisor.RetrievalAugmentationAdvisor;
import org.springframework.ai.rag.retrieval.search.DocumentRetriever;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Spring AI's retrieval over texts that lie in a folder of Lucene's. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class LuceneRetrievalTest {
  private static final List<String> TEXTS = List.of("c c c", "a b", "b c a", "a");

  @TempDir Path folder;

  private static void fill(Path to, EmbeddingModel embeddings) {
    try (VectorStore store = LuceneStore.create(to, Metric.COSINE)) {
      for (int i = 0; i < TEXTS.size(); i++) {
        String text = TEXTS.get(i);
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        store.add(new VectorEntry(i, embeddings.embed(text), i, payload));
      }
      store.commit();
    }
  }

  @Test
  void a_question_is_put_to_the_model_with_what_was_found() throws IOException {
    Path texts = folder.resolve("texts");
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(HeedAutoConfiguration.class))
        .withPropertyValues(
            "heed.chat.model=" + TinyModels.writer(folder.resolve("writer")),
            "heed.embedding.model=" + TinyModels.embedder(folder.resolve("encoder")))
        .run(found -> {
          EmbeddingModel embeddings = found.getBean(EmbeddingModel.class);
          fill(texts, embeddings);
          try (VectorStore store = LuceneStore.open(texts)) {
            DocumentRetriever retriever =
                query ->
                    store.nearest(embeddings.embed(query.text()), Search.of(2)).stream()
                        .map(near ->
                            Document.builder()
                                .text(new String(near.payload(), StandardCharsets.UTF_8))
                                .score(1 - near.distance())
                                .build())
                        .toList();
            ChatClientResponse answer =
                ChatClient.builder(found.getBean(ChatModel.class))
                    .defaultAdvisors(
                        RetrievalAugmentationAdvisor.builder().documentRetriever(retriever).build())
                    .build()
                    .prompt(new Prompt("a b", HeedChatOptions.builder().maxTokens(5).build()))
                    .call()
                    .chatClientResponse();
            Object context = answer.context().get(RetrievalAugmentationAdvisor.DOCUMENT_CONTEXT);
            assertThat(context)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Document.class))
                .extracting(Document::getText)
                .hasSize(2)
                .startsWith("a b")
                .doesNotContain("c c c");
            assertThat(answer.chatResponse()).isNotNull();
            // what was found stands in the prompt: it is longer than the question by both texts
            assertThat(answer.chatResponse().getMetadata().getUsage().getPromptTokens())
                .isGreaterThan("user: a b\nassistant: ".length() + "a b".length());
          }
        });
  }
}
