package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.heed.audio.SoundFile;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.TinyModels;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.task.speech.SpeechRecognizer;
import dev.heed.tensor.DType;
import dev.heed.web.AccessKey;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client for Java, unmodified, against a server with a key. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and start
class OpenAiClientTest {
  private static final String KEY = "a-key-of-sixteen-characters";

  @TempDir static Path folder;
  private static HeedServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws IOException {
    Path ears = Files.createDirectory(folder.resolve("ears"));
    TinyCheckpoint.hearing(ears, "wav2vec2", "letters", Map.of());
    server =
        TinyServer.start(
            folder,
            ServerSettings.local(0)
                .withRemembered(0)
                .withWeb(WebSettings.local(0).withKey(AccessKey.of(KEY))),
            ears);
    client = client(KEY);
  }

  @Test
  void the_pages_client_is_made() {
    OpenAIClient client =
        OpenAIOkHttpClient.builder().baseUrl("http://127.0.0.1:8080/v1").apiKey("any").build();
    client.close();
  }

  private static OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.address() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder()
        .model("writer")
        .addSystemMessage("Be brief.")
        .addUserMessage("Hello")
        .temperature(0)
        .maxCompletionTokens(14);
  }

  private static String text(ChatCompletion answer) {
    return answer.choices().getFirst().message().content().orElseThrow();
  }

  @Test
  void chats_are_answered_whole_and_in_pieces() {
    ChatCompletion answer = client.chat().completions().create(chat().build());
    answer.validate();
    assertThat(text(answer)).isNotEmpty();
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(14);
    assertThat(answer.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    ChatCompletionCreateParams streaming =
        chat()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(streaming)) {
      List<ChatCompletionChunk> chunks = stream.stream().toList();
      chunks.forEach(ChatCompletionChunk::validate);
      String pieces =
          chunks.stream()
              .flatMap(chunk -> chunk.choices().stream())
              .map(choice -> choice.delta().content().orElse(""))
              .collect(Collectors.joining());
      assertThat(pieces).isEqualTo(text(answer));
      assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(14);
    }
  }

  @Test
  void log_probabilities_and_seeds_arrive() {
    ChatCompletionCreateParams params =
        chat().temperature(1).seed(7).n(2).logprobs(true).topLogprobs(3).build();
    ChatCompletion first = client.chat().completions().create(params);
    ChatCompletion again = client.chat().completions().create(params);
    assertThat(texts(first)).isEqualTo(texts(again)).hasSize(2);
    var scores = scores(first);
    // Rounding follows the company in which the steps of a batch were computed.
    for (int i = 0; i < scores.size(); i++) {
      assertThat(scores(again).get(i).token()).isEqualTo(scores.get(i).token());
      assertThat(scores(again).get(i).logprob()).isCloseTo(scores.get(i).logprob(), within(1e-4));
    }
    assertThat(scores.getFirst().topLogprobs()).hasSize(3);
    assertThat(scores.getFirst().logprob()).isNegative();
  }

  private static List<String> texts(ChatCompletion answer) {
    return answer.choices().stream()
        .map(choice -> choice.message().content().orElseThrow())
        .toList();
  }

  private static List<ChatCompletionTokenLogprob> scores(ChatCompletion answer) {
    return answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
  }

  /** A value that the client makes a schema of. */
  public record Answer(int number, boolean sure) {}

  @Test
  void an_answer_is_of_the_class_that_was_asked_for() {
    Answer answer =
        client
            .chat()
            .completions()
            .create(chat().maxCompletionTokens(80).responseFormat(Answer.class).build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(answer).isInstanceOf(Answer.class);
  }

  @Test
  void a_tool_that_is_named_is_called() {
    FunctionDefinition weather =
        FunctionDefinition.builder()
            .name("weather")
            .description("Tells the weather.")
            .parameters(
                FunctionParameters.builder()
                    .putAdditionalProperty("type", JsonValue.from("object"))
                    .putAdditionalProperty(
                        "properties",
                        JsonValue.from(Map.of("day", Map.of("enum", List.of("today", "later")))))
                    .putAdditionalProperty("required", JsonValue.from(List.of("day")))
                    .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                    .build())
            .build();
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                chat()
                    .maxCompletionTokens(80)
                    .addTool(ChatCompletionFunctionTool.builder().function(weather).build())
                    .toolChoice(
                        ChatCompletionNamedToolChoice.builder()
                            .function(
                                ChatCompletionNamedToolChoice.Function.builder()
                                    .name("weather")
                                    .build())
                            .build())
                    .build());
    var call =
        answer.choices().getFirst().message().toolCalls().orElseThrow().getFirst().asFunction();
    assertThat(call.function().name()).isEqualTo("weather");
    assertThat(call.function().arguments()).matches("\\{\"day\":\"(today|later)\"}");
  }

  @Test
  void completions_go_on_from_a_prompt() {
    var answer =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model("writer")
                    .prompt("Once")
                    .temperature(0)
                    .maxTokens(9)
                    .logprobs(2)
                    .build());
    answer.validate();
    assertThat(answer.choices().getFirst().text()).isNotEmpty();
    assertThat(answer.choices().getFirst().logprobs().orElseThrow().tokens().orElseThrow())
        .hasSize(9);
  }

  @Test
  void vectors_are_the_embedders() {
    var answer =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("embedder")
                    .inputOfArrayOfStrings(List.of("a b", "c"))
                    .build());
    try (Embedder embedder =
        Embedder.open(ModelFiles.folder(folder.resolve("embedder")), DType.F32)) {
      float[] expected = embedder.embed("a b");
      List<Float> got = answer.data().getFirst().embedding();
      assertThat(got).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(got.get(i)).isCloseTo(expected[i], within(1e-6f));
      }
    }
  }

  @Test
  void sounds_are_written_down() throws IOException {
    Path file = TinyModels.sound(folder.resolve("sound.wav"));
    var answer =
        client
            .audio()
            .transcriptions()
            .create(TranscriptionCreateParams.builder().model("ears").file(file).build());
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder.resolve("ears"))) {
      String expected = recognizer.recognize(SoundFile.read(file)).text();
      assertThat(expected).isNotEmpty();
      assertThat(answer.asTranscription().text()).isEqualTo(expected);
    }
  }

  @Test
  void models_are_listed() {
    assertThat(client.models().list().data().stream().map(model -> model.id()))
        .containsExactly("writer", "embedder", "ears");
  }

  @Test
  void errors_are_the_ones_that_the_client_knows() {
    assertThatThrownBy(() -> client.chat().completions().create(chat().model("nobody").build()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() ->
            client
                .chat()
                .completions()
                .create(chat().putAdditionalBodyProperty("mood", JsonValue.from(1)).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("mood");
    OpenAIClient stranger = client("another-key-of-a-stranger");
    assertThatThrownBy(() -> stranger.models().list()).isInstanceOf(UnauthorizedException.class);
    stranger.close();
  }
}
