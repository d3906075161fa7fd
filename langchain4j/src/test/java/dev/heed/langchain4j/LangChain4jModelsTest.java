package dev.heed.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.generate.TextGenerator;
import dev.heed.task.Reranker;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own chain over tiny models: documents found, ranked and put before a question. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class LangChain4jModelsTest {
  @TempDir Path folder;

  private Path chat() throws IOException {
    Path to = Files.createDirectory(folder.resolve("chat"));
    TinyCheckpoint.write(to, "llama", "bert", Map.of("max_position_embeddings", "4096"));
    Files.writeString(
        to.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.role }} {{ m.content }} {% endfor %}");
    return to;
  }

  private Path ranker() throws IOException {
    Path to = Files.createDirectory(folder.resolve("ranker"));
    TinyCheckpoint.write(
        to,
        "bert-classify",
        "bert",
        Map.of("id2label", "{\"0\":\"LABEL_0\"}", "label2id", "{\"LABEL_0\":0}"));
    TinyCheckpoint.change(
        to, (name, value) -> name.startsWith("classifier.") ? value.narrow(0, 0, 1) : value);
    return to;
  }

  private Path encoder() throws IOException {
    Path from = Path.of("..", "core", "src", "test", "resources", "embedding", "tiny");
    Path to = folder.resolve("encoder");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  private static ChatRequest request() {
    return ChatRequest.builder()
        .messages(SystemMessage.from("the cat"), UserMessage.from("sat"))
        .maxOutputTokens(9)
        .temperature(0.0)
        .build();
  }

  @Test
  void a_chat_says_what_the_model_writes_whole_and_in_pieces() throws Exception {
    Path files = chat();
    String expected;
    try (TextGenerator writer = TextGenerator.open(files)) {
      var settings =
          writer
              .settings()
              .withConfig(writer.config().with("max_new_tokens", 9).with("do_sample", false));
      try (var text = writer.stream(writer.templateTokens("system the cat user sat "), settings)) {
        expected = text.finish().text();
      }
    }
    try (HeedChatModel model = HeedChatModel.open(files)) {
      ChatResponse whole = model.chat(request());
      assertThat(whole.aiMessage().text()).isEqualTo(expected);
      assertThat(whole.tokenUsage().outputTokenCount()).isLessThanOrEqualTo(9);
      assertThat(whole.tokenUsage().inputTokenCount())
          .isEqualTo(model.tokens().estimateTokenCountInMessages(request().messages()));
      StringBuilder pieces = new StringBuilder();
      CompletableFuture<ChatResponse> done = new CompletableFuture<>();
      model
          .streaming()
          .chat(
              request(),
              new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String piece) {
                  pieces.append(piece);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                  done.complete(response);
                }

                @Override
                public void onError(Throwable error) {
                  done.completeExceptionally(error);
                }
              });
      assertThat(done.get(60, TimeUnit.SECONDS).aiMessage().text()).isEqualTo(expected);
      assertThat(pieces.toString()).isEqualTo(expected);
      ChatRequest tools =
          ChatRequest.builder()
              .messages(UserMessage.from("sat"))
              .toolSpecifications(ToolSpecification.builder().name("x").build())
              .build();
      assertThatThrownBy(() -> model.chat(tools))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("toolSpecifications");
    }
  }

  @Test
  void scores_are_the_rerankers() throws IOException {
    Path files = ranker();
    try (Reranker reranker = Reranker.open(files);
        HeedScoringModel model = HeedScoringModel.open(files)) {
      assertThat(model.score("sat", "the cat").content())
          .isEqualTo(reranker.scores("the cat", List.of("sat"))[0]);
    }
  }

  /** What LangChain4j implements. */
  interface Assistant {
    Result<String> answer(String question);
  }

  @Test
  void a_question_is_answered_over_documents() throws IOException {
    try (HeedEmbeddingModel embeddings = HeedEmbeddingModel.open(encoder());
        HeedScoringModel scores = HeedScoringModel.open(ranker());
        HeedChatModel chat = HeedChatModel.open(chat())) {
      List<TextSegment> documents =
          Stream.of("a b", "c", "b c a", "a").map(TextSegment::from).toList();
      InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
      store.addAll(embeddings.embedAll(documents).content(), documents);
      assertThat(embeddings.dimension()).isEqualTo(8);
      Assistant assistant =
          AiServices.builder(Assistant.class)
              .chatModel(chat)
              .retrievalAugmentor(
                  DefaultRetrievalAugmentor.builder()
                      .contentRetriever(
                          EmbeddingStoreContentRetriever.builder()
                              .embeddingStore(store)
                              .embeddingModel(embeddings)
                              .maxResults(3)
                              .build())
                      .contentAggregator(
                          ReRankingContentAggregator.builder()
                              .scoringModel(scores)
                              .maxResults(2)
                              .build())
                      .build())
              .build();
      Result<String> answer = assistant.answer("a b");
      assertThat(answer.sources()).hasSize(2);
      assertThat(answer.content()).isNotNull();
    }
  }
}
