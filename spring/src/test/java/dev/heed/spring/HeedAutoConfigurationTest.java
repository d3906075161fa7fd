package dev.heed.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.TinyModels;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage.ToolResponse;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.advisor.RetrievalAugmentationAdvisor;
import org.springframework.ai.rag.retrieval.search.VectorStoreDocumentRetriever;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A program's context with tiny models, and Spring AI's own clients over them. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class HeedAutoConfigurationTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HeedAutoConfiguration.class, HeedHealthAutoConfiguration.class));

  @TempDir Path folder;

  private String chat() throws IOException {
    return "heed.chat.model=" + TinyModels.writer(folder.resolve("writer"));
  }

  private String embedding() throws IOException {
    return "heed.embedding.model=" + TinyModels.embedder(folder.resolve("embedder"));
  }

  private String ranking() throws IOException {
    Path to = Files.createDirectory(folder.resolve("ranker"));
    TinyCheckpoint.write(
        to,
        "bert-classify",
        "bert",
        Map.of("id2label", "{\"0\":\"LABEL_0\"}", "label2id", "{\"LABEL_0\":0}"));
    TinyCheckpoint.change(
        to, (name, value) -> name.startsWith("classifier.") ? value.narrow(0, 0, 1) : value);
    return "heed.ranking.model=" + to;
  }

  private static Prompt prompt(String text, int tokens) {
    return new Prompt(text, HeedChatOptions.builder().maxTokens(tokens).temperature(0.0).build());
  }

  @Test
  void a_program_that_names_no_model_gets_none() {
    context.run(found -> {
      assertThat(found).hasNotFailed().doesNotHaveBean(HeedModel.class);
      assertThat(found).doesNotHaveBean(HealthIndicator.class);
    });
  }

  @Test
  void each_named_folder_is_a_bean_and_its_health() throws IOException {
    context
        .withPropertyValues(chat(), embedding(), ranking())
        .run(found -> {
          assertThat(found).hasNotFailed().hasSingleBean(HeedDocumentRanker.class);
          var health = found.getBean(HealthIndicator.class).health();
          assertThat(health).isNotNull();
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails()).containsOnlyKeys("chat", "embedding", "ranking");
          found.getBean(HeedEmbeddingModel.class).close();
          var after = found.getBean(HealthIndicator.class).health();
          assertThat(after).isNotNull();
          assertThat(after.getStatus()).isEqualTo(Status.DOWN);
        });
  }

  @Test
  void a_program_without_retrieval_and_health_has_the_models() throws IOException {
    context
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.ai.rag", "org.springframework.boot.health"))
        .withPropertyValues(embedding(), ranking())
        .run(found -> assertThat(found).hasNotFailed().hasSingleBean(EmbeddingModel.class));
  }

  @Test
  void a_folder_that_is_none_is_named() {
    context
        .withPropertyValues("heed.chat.model=" + folder.resolve("nothing"))
        .run(found -> assertThat(found).getFailure().rootCause().hasMessageContaining("nothing"));
  }

  @Test
  void vectors_are_the_embedders() throws IOException {
    context
        .withPropertyValues(embedding())
        .run(found -> {
          EmbeddingModel model = found.getBean(EmbeddingModel.class);
          try (Embedder embedder =
              Embedder.open(ModelFiles.folder(folder.resolve("embedder")), DType.F32)) {
            long[] tokens = embedder.tokens("a b");
            assertThat(model.embed("a b"))
                .isEqualTo(embedder.embedTokens(List.of(tokens), done -> {}).getFirst());
          }
          assertThat(model.dimensions()).isEqualTo(8);
          assertThat(model.embed(List.of("a", "b", "c"))).hasSize(3);
        });
  }

  @Test
  void pieces_of_an_answer_make_the_answer() throws IOException {
    context
        .withPropertyValues(chat())
        .run(found -> {
          ChatModel model = found.getBean(ChatModel.class);
          ChatResponse whole = model.call(prompt("Hi", 12));
          String text = text(whole);
          List<ChatResponse> pieces =
              model.stream(prompt("Hi", 12)).collectList().block(Duration.ofSeconds(60));
          assertThat(pieces).isNotNull().hasSizeGreaterThan(2);
          StringBuilder joined = new StringBuilder();
          pieces.forEach(piece -> joined.append(text(piece)));
          assertThat(joined.toString()).isEqualTo(text);
          assertThat(pieces.getLast().getMetadata().getUsage().getCompletionTokens())
              .isEqualTo(whole.getMetadata().getUsage().getCompletionTokens());
          assertThat(model.stream(prompt("Hi", 1000)).take(2).collectList().block()).hasSize(2);
        });
  }

  private static String text(ChatResponse response) {
    return requireNonNull(requireNonNull(response.getResult()).getOutput().getText());
  }

  /** What an answer is bound to. */
  record Place(String city) {}

  @Test
  void an_answer_obeys_a_schema() throws IOException {
    context
        .withPropertyValues(chat())
        .run(found -> {
          HeedChatOptions bound =
              HeedChatOptions.builder()
                  .maxTokens(400)
                  .outputSchema(
                      "{\"type\":\"object\",\"properties\":{\"city\":{\"enum\":[\"Oslo\",\"Rome\"]}},"
                          + "\"required\":[\"city\"],\"additionalProperties\":false}")
                  .build();
          assertThat(bound.mutate().build().getOutputSchema()).isEqualTo(bound.getOutputSchema());
          ChatModel chatModel = found.getBean(ChatModel.class);
          String answer =
              ChatClient.create(chatModel).prompt("What is attention?").call().content();
          assertThat(answer).isNotEmpty();
          Place place =
              ChatClient.create(chatModel)
                  .prompt(new Prompt("Where?", bound))
                  .call()
                  .entity(Place.class);
          assertThat(place).isNotNull();
          assertThat(place.city()).isIn("Oslo", "Rome");
        });
  }

  @Test
  void tools_are_offered_and_their_results_read() throws IOException {
    context
        .withPropertyValues(chat())
        .run(found -> {
          var tool =
              FunctionToolCallback.builder("weather", (Place place) -> "rain")
                  .description("The weather")
                  .inputType(Place.class)
                  .build();
          HeedChatModel model = found.getBean(HeedChatModel.class);
          HeedChatOptions offered =
              HeedChatOptions.builder().maxTokens(5).toolCallbacks(tool).build();
          UserMessage question = new UserMessage("Oslo?");
          int plain = tokens(model, prompt("Oslo?", 5));
          assertThat(tokens(model, new Prompt(question, offered)))
              .isEqualTo(plain + "weather \n".length());
          var call =
              new AssistantMessage.ToolCall("1", "function", "weather", "{\"city\":\"Oslo\"}");
          var called = AssistantMessage.builder().content("").toolCalls(List.of(call)).build();
          var result =
              ToolResponseMessage.builder()
                  .responses(List.of(new ToolResponse("1", "weather", "rain")))
                  .build();
          assertThat(tokens(model, new Prompt(List.of(question, called, result), offered)))
              .isEqualTo(plain + "weather \nassistant: Oslo\ntool: rain\n".length());
        });
  }

  private static int tokens(ChatModel model, Prompt prompt) {
    return model.call(prompt).getMetadata().getUsage().getPromptTokens();
  }

  @Test
  void documents_are_found_ranked_and_put_before_a_question() throws IOException {
    context
        .withPropertyValues(chat(), embedding(), ranking())
        .run(found -> {
          SimpleVectorStore store =
              SimpleVectorStore.builder(found.getBean(EmbeddingModel.class)).build();
          store.add(List.of(new Document("a b"), new Document("c"), new Document("b c a")));
          HeedDocumentRanker ranker = found.getBean(HeedDocumentRanker.class);
          List<Document> ranked =
              ranker.process(new Query("a b"), List.of(new Document("c"), new Document("a b")));
          assertThat(ranked.getFirst().getScore())
              .isGreaterThanOrEqualTo(ranked.getLast().getScore());
          String answer =
              ChatClient.builder(found.getBean(ChatModel.class))
                  .defaultAdvisors(
                      RetrievalAugmentationAdvisor.builder()
                          .documentRetriever(
                              VectorStoreDocumentRetriever.builder().vectorStore(store).build())
                          .documentPostProcessors(ranker)
                          .build())
                  .build()
                  .prompt(prompt("a b", 5))
                  .call()
                  .content();
          assertThat(answer).isNotNull();
        });
  }

  @Test
  void what_is_no_text_is_refused() throws IOException {
    context
        .withPropertyValues(embedding())
        .run(found -> {
          EmbeddingModel model = found.getBean(EmbeddingModel.class);
          var wrong = EmbeddingOptions.builder().dimensions(4).build();
          assertThatThrownBy(() -> model.call(new EmbeddingRequest(List.of("a"), wrong)))
              .hasMessageContaining("dimensions: expected 8, got 4");
        });
  }
}
