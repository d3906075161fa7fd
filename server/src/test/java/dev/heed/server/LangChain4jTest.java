package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** LangChain4j's module for OpenAI, unmodified. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and start
class LangChain4jTest {
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

  private static OpenAiChatModel.OpenAiChatModelBuilder chat() {
    return OpenAiChatModel.builder()
        .baseUrl(server.address() + "/v1")
        .apiKey("none is asked for")
        .modelName("writer")
        .temperature(0.0)
        .maxTokens(60)
        .maxRetries(0);
  }

  @Test
  void chats_and_streams_say_the_same() throws Exception {
    ChatResponse whole = chat().build().chat(UserMessage.from("Hello"));
    StringBuilder pieces = new StringBuilder();
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    OpenAiStreamingChatModel.builder()
        .baseUrl(server.address() + "/v1")
        .apiKey("none is asked for")
        .modelName("writer")
        .temperature(0.0)
        .maxTokens(60)
        .build()
        .chat(
            List.of(UserMessage.from("Hello")),
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
    ChatResponse streamed = done.get(60, TimeUnit.SECONDS);
    assertThat(streamed.aiMessage().text()).isEqualTo(whole.aiMessage().text());
    assertThat(pieces.toString()).isEqualTo(whole.aiMessage().text());
    assertThat(streamed.tokenUsage().outputTokenCount()).isEqualTo(60);
  }

  @Test
  void tools_are_called_and_schemas_kept() {
    JsonObjectSchema parameters =
        JsonObjectSchema.builder()
            .addProperty("day", JsonEnumSchema.builder().enumValues("today", "later").build())
            .required("day")
            .additionalProperties(false)
            .build();
    ChatResponse called =
        chat()
            .build()
            .chat(
                ChatRequest.builder()
                    .messages(UserMessage.from("Hello"))
                    .toolSpecifications(
                        ToolSpecification.builder().name("weather").parameters(parameters).build())
                    .toolChoice(ToolChoice.REQUIRED)
                    .build());
    assertThat(called.aiMessage().toolExecutionRequests().getFirst().arguments())
        .matches("\\{\"day\":\"(today|later)\"}");
    ChatResponse bound =
        chat()
            .strictJsonSchema(true)
            .build()
            .chat(
                ChatRequest.builder()
                    .messages(UserMessage.from("Hello"))
                    .responseFormat(
                        ResponseFormat.builder()
                            .type(ResponseFormatType.JSON)
                            .jsonSchema(
                                JsonSchema.builder().name("answer").rootElement(parameters).build())
                            .build())
                    .build());
    JsonNode value = JsonMapper.shared().readTree(bound.aiMessage().text());
    assertThat(value.path("day").asString()).isIn("today", "later");
  }

  @Test
  void vectors_have_the_models_size() {
    OpenAiEmbeddingModel model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(server.address() + "/v1")
            .apiKey("none is asked for")
            .modelName("embedder")
            .build();
    assertThat(model.embed("a b").content().dimension()).isEqualTo(8);
    assertThat(model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b"))).content())
        .hasSize(2);
  }
}
