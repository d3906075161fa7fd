package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;

/** Spring AI's module for OpenAI, unmodified. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and start
class SpringAiTest {
  @TempDir static Path folder;
  private static HeedServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TinyServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void chats_and_streams_say_the_same() {
    OpenAiChatModel model =
        OpenAiChatModel.builder()
            .options(
                OpenAiChatOptions.builder()
                    .baseUrl(server.address() + "/v1")
                    .apiKey("none is asked for")
                    .model("writer")
                    .temperature(0.0)
                    .maxCompletionTokens(20)
                    .build())
            .build();
    ChatResponse whole = model.call(new Prompt("Hello"));
    String text = Objects.requireNonNull(whole.getResult()).getOutput().getText();
    assertThat(text).isNotEmpty();
    assertThat(whole.getMetadata().getUsage().getCompletionTokens()).isEqualTo(20);
    String streamed =
        Objects.requireNonNull(model.stream(new Prompt("Hello")).collectList().block()).stream()
            .map(ChatResponse::getResult)
            .filter(Objects::nonNull)
            .map(result -> Objects.requireNonNullElse(result.getOutput().getText(), ""))
            .collect(Collectors.joining());
    assertThat(streamed).isEqualTo(text);
  }

  @Test
  void vectors_have_the_models_size() {
    OpenAiEmbeddingModel model =
        new OpenAiEmbeddingModel(
            MetadataMode.NONE,
            OpenAiEmbeddingOptions.builder()
                .baseUrl(server.address() + "/v1")
                .apiKey("none is asked for")
                .model("embedder")
                .build());
    assertThat(model.embed("a b")).hasSize(8);
    assertThat(model.embed(List.of("a", "b"))).hasSize(2);
  }
}
