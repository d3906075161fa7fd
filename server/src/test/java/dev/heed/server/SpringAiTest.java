package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.NextWordModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionResult;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** Spring AI's module for OpenAI, unmodified. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and start
class SpringAiTest {
  @TempDir static Path folder;
  private static HeedServer server;

  @BeforeAll
  static void start() throws IOException {
    Path knowing =
        new NextWordModel()
            .says(
                " Munich?",
                "<tool_call>{\"name\":\"weather\",\"arguments\":",
                "{\"city\":\"Munich\"}",
                "}</tool_call>",
                NextWordModel.END)
            .says(" sunny", "The", " sun", " shines.", NextWordModel.END)
            .write(folder.resolve("knowing"));
    server = TinyServer.start(folder, ServerSettings.local(0).withRemembered(0), knowing);
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

  /**
   * A tool that says what the weather is.
   *
   * @param asked gets the arguments of each call
   */
  private record Weather(List<String> asked) implements ToolCallback {
    @Override
    public ToolDefinition getToolDefinition() {
      return ToolDefinition.builder()
          .name("weather")
          .description("The weather of a city")
          .inputSchema(
              "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
                  + "\"required\":[\"city\"]}")
          .build();
    }

    @Override
    public String call(String arguments) {
      asked.add(arguments);
      return "sunny";
    }
  }

  @Test
  void a_tool_is_called_and_its_result_read() {
    List<String> asked = new ArrayList<>();
    OpenAiChatOptions options =
        OpenAiChatOptions.builder()
            .baseUrl(server.address() + "/v1")
            .apiKey("none is asked for")
            .model("knowing")
            .toolCallbacks(new Weather(asked))
            .build();
    OpenAiChatModel model = OpenAiChatModel.builder().options(options).build();
    Prompt prompt = new Prompt("What is the weather in Munich?", options);
    ChatResponse called = model.call(prompt);
    assertThat(called.hasToolCalls()).isTrue();
    ToolExecutionResult told =
        ToolCallingManager.builder().build().executeToolCalls(prompt, called);
    assertThat(asked).containsExactly("{\"city\":\"Munich\"}");
    ChatResponse answer = model.call(new Prompt(told.conversationHistory(), options));
    assertThat(answer.hasToolCalls()).isFalse();
    assertThat(Objects.requireNonNull(answer.getResult()).getOutput().getText())
        .isEqualTo("The sun shines.");
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
