package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.generate.TextGenerator;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The interface against a real server, by hand-written requests. */
@Tag("integration")
class HeedServerTest {
  private static final String CHAT =
      "{\"model\":\"writer\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
          + "\"temperature\":0,\"max_tokens\":12";

  @SuppressWarnings("NullAway.Init") // by JUnit
  @TempDir
  static Path folder;

  @SuppressWarnings("NullAway.Init") // by start
  private static HeedServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TinyServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void settle() throws Exception {
    while (!Asked.get(server, "/metrics")
        .text()
        .contains("heed_texts_running{gen_ai_request_model=\"writer\"} 0")) {
      Thread.sleep(5);
    }
  }

  private static JsonNode chat(String more) throws Exception {
    Asked asked = Asked.post(server, "/v1/chat/completions", CHAT + more + "}");
    assertThat(asked.status()).as(asked.text()).isEqualTo(200);
    return asked.json();
  }

  /** What the model writes by itself, without a server. */
  private static String alone(String prompt, int tokens) {
    try (TextGenerator writer = TextGenerator.open(folder.resolve("writer"))) {
      var settings = writer.settings().withConfig(writer.config().with("max_new_tokens", tokens));
      return writer.generate(List.of(prompt), settings).getFirst().getFirst().text();
    }
  }

  @Test
  void models_are_listed() throws Exception {
    JsonNode all = Asked.get(server, "/v1/models").json();
    assertThat(all.path("data").path(0).path("id").asString()).isEqualTo("writer");
    assertThat(all.path("data").path(1).path("id").asString()).isEqualTo("embedder");
    assertThat(Asked.get(server, "/v1/models/writer").json().path("object").asString())
        .isEqualTo("model");
    Asked missing = Asked.get(server, "/v1/models/none");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.json().path("error").path("code").asString()).isEqualTo("model_not_found");
  }

  @Test
  void a_chat_answers_what_the_model_writes_after_its_template() throws Exception {
    JsonNode answer = chat("");
    assertThat(answer.path("object").asString()).isEqualTo("chat.completion");
    JsonNode choice = answer.path("choices").path(0);
    assertThat(choice.path("message").path("content").asString())
        .isEqualTo(alone("user: Hello\nassistant: ", 12));
    assertThat(choice.path("finish_reason").asString()).isEqualTo("length");
    assertThat(answer.path("usage").path("prompt_tokens").asInt())
        .isEqualTo("user: Hello\nassistant: ".length());
    assertThat(answer.path("usage").path("completion_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void a_stream_has_the_same_text_in_pieces() throws Exception {
    String whole = chat("").path("choices").path(0).path("message").path("content").asString();
    Asked asked =
        Asked.post(
            server,
            "/v1/chat/completions",
            CHAT + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    List<JsonNode> events = asked.events();
    StringBuilder text = new StringBuilder();
    for (JsonNode event : events) {
      text.append(event.path("choices").path(0).path("delta").path("content").asString(""));
    }
    assertThat(text.toString()).isEqualTo(whole);
    assertThat(events.getFirst().path("choices").path(0).path("delta").path("role").asString())
        .isEqualTo("assistant");
    assertThat(events.getLast().path("usage").path("completion_tokens").asInt()).isEqualTo(12);
    assertThat(
            events.get(events.size() - 2).path("choices").path(0).path("finish_reason").asString())
        .isEqualTo("length");
  }

  @Test
  void several_answers_have_seeds_of_their_own_and_the_same_again() throws Exception {
    String more = ",\"n\":3,\"seed\":5";
    String sampled = CHAT.replace("\"temperature\":0", "\"temperature\":1.5") + more + "}";
    JsonNode first = Asked.post(server, "/v1/chat/completions", sampled).json().path("choices");
    JsonNode again = Asked.post(server, "/v1/chat/completions", sampled).json().path("choices");
    assertThat(first).hasSize(3).isEqualTo(again);
    assertThat(first.path(0).path("message")).isNotEqualTo(first.path(1).path("message"));
  }

  @Test
  void a_stop_ends_the_text_and_is_no_part_of_it_streamed_or_not() throws Exception {
    String whole = chat("").path("choices").path(0).path("message").path("content").asString();
    String stop = whole.substring(5, 8);
    String expected = whole.substring(0, whole.indexOf(stop));
    String more = ",\"stop\":" + JsonMapper.shared().writeValueAsString(stop);
    JsonNode choice = chat(more).path("choices").path(0);
    assertThat(choice.path("message").path("content").asString()).isEqualTo(expected);
    assertThat(choice.path("finish_reason").asString()).isEqualTo("stop");
    StringBuilder text = new StringBuilder();
    for (JsonNode event :
        Asked.post(server, "/v1/chat/completions", CHAT + more + ",\"stream\":true}").events()) {
      text.append(event.path("choices").path(0).path("delta").path("content").asString(""));
    }
    assertThat(text.toString()).isEqualTo(expected);
  }

  @Test
  void log_probabilities_are_the_models_own() throws Exception {
    JsonNode content =
        chat(",\"logprobs\":true,\"top_logprobs\":2")
            .path("choices")
            .path(0)
            .path("logprobs")
            .path("content");
    assertThat(content).hasSize(12);
    for (JsonNode token : content) {
      double chosen = token.path("logprob").asDouble();
      JsonNode top = token.path("top_logprobs");
      assertThat(top).hasSize(2);
      // greedy: the chosen one is the best
      assertThat(top.path(0).path("logprob").asDouble()).isEqualTo(chosen);
      assertThat(top.path(1).path("logprob").asDouble()).isLessThanOrEqualTo(chosen);
      assertThat(chosen).isNegative();
    }
  }

  @Test
  void an_answer_can_be_bound_to_a_schema() throws Exception {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"},"
            + "\"ok\":{\"type\":\"boolean\"}},\"required\":[\"n\",\"ok\"],"
            + "\"additionalProperties\":false}";
    String format =
        ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
            + "\"strict\":true,\"schema\":"
            + schema
            + "}}";
    String request = CHAT.replace("\"max_tokens\":12", "\"max_tokens\":60") + format + "}";
    Asked asked = Asked.post(server, "/v1/chat/completions", request);
    assertThat(asked.status()).as(asked.text()).isEqualTo(200);
    String text = asked.json().path("choices").path(0).path("message").path("content").asString();
    JsonNode value = JsonMapper.shared().readTree(text);
    assertThat(value.path("n").isIntegralNumber()).as(text).isTrue();
    assertThat(value.path("ok").isBoolean()).as(text).isTrue();
    Asked any =
        Asked.post(
            server,
            "/v1/chat/completions",
            CHAT.replace("\"max_tokens\":12", "\"max_tokens\":40")
                + ",\"response_format\":{\"type\":\"json_object\"}}");
    String object = any.json().path("choices").path(0).path("message").path("content").asString();
    assertThat(JsonMapper.shared().readTree(object).isObject()).as(object).isTrue();
  }

  @Test
  void a_tool_that_must_be_called_is_called_by_its_schema() throws Exception {
    String tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{\"day\":{\"enum\":[\"today\",\"tomorrow\"]}},"
            + "\"required\":[\"day\"],\"additionalProperties\":false}}}],"
            + "\"tool_choice\":\"required\"";
    String request = CHAT.replace("\"max_tokens\":12", "\"max_tokens\":80") + tools;
    JsonNode choice =
        Asked.post(server, "/v1/chat/completions", request + "}").json().path("choices").path(0);
    JsonNode call = choice.path("message").path("tool_calls").path(0);
    assertThat(choice.path("finish_reason").asString()).isEqualTo("tool_calls");
    assertThat(choice.path("message").path("content").isNull()).isTrue();
    assertThat(call.path("function").path("name").asString()).isEqualTo("weather");
    assertThat(call.path("function").path("arguments").asString())
        .matches("\\{\"day\":\"(today|tomorrow)\"}");
    List<JsonNode> events =
        Asked.post(server, "/v1/chat/completions", request + ",\"stream\":true}").events();
    JsonNode streamed =
        events.get(events.size() - 2).path("choices").path(0).path("delta").path("tool_calls");
    assertThat(streamed.path(0).path("function")).isEqualTo(call.path("function"));
    assertThat(events.getLast().path("choices").path(0).path("finish_reason").asString())
        .isEqualTo("tool_calls");
    for (JsonNode event : events.subList(0, events.size() - 2)) {
      assertThat(event.path("choices").path(0).path("delta").path("content").asString(""))
          .as("no piece of the call is told as text")
          .isEmpty();
    }
  }

  @Test
  void turns_with_calls_and_their_results_reach_the_template() throws Exception {
    String request =
        "{\"model\":\"writer\",\"max_tokens\":1,\"messages\":["
            + "{\"role\":\"developer\",\"content\":\"Be brief.\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Rain?\"}]},"
            + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\","
            + "\"type\":\"function\",\"function\":{\"name\":\"w\","
            + "\"arguments\":\"{\\\"city\\\":\\\"Ulm\\\"}\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"no\"}]}";
    JsonNode answer = Asked.post(server, "/v1/chat/completions", request).json();
    String prompt = "system: Be brief.\nuser: Rain?\nassistant: Ulm\ntool: no\nassistant: ";
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(prompt.length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo | 1 | unknown_parameter",
        "presence_penalty | 3 | invalid_value",
        "top_p | \"high\" | invalid_value",
        "n | 0 | invalid_value",
        "n | 1.5 | invalid_value",
        "max_completion_tokens | 0 | invalid_value",
        "stop | [\"\"] | invalid_value",
        "logit_bias | {\"9999\": 1} | invalid_value",
        "top_logprobs | 3 | invalid_value",
        "tools | [{\"type\":\"retrieval\"}] | invalid_value",
        "tool_choice | \"required\" | invalid_value",
        "response_format | {\"type\":\"yaml\"} | invalid_value",
        "stream_options | {\"include_usage\":true} | invalid_value",
        "functions | [] | unknown_parameter",
        "modalities | [\"audio\"] | invalid_value",
        "web_search_options | {} | unknown_parameter"
      })
  void what_is_not_honoured_is_refused_by_name(String name, String value, String code)
      throws Exception {
    Asked asked =
        Asked.post(server, "/v1/chat/completions", CHAT + ",\"" + name + "\":" + value + "}");
    assertThat(asked.status()).as(asked.text()).isEqualTo(400);
    JsonNode error = asked.json().path("error");
    assertThat(error.path("param").asString()).startsWith(name);
    assertThat(error.path("code").asString()).isEqualTo(code);
    assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | messages",
        "[{\"role\":\"user\"}] | messages[0].content",
        "[{\"role\":\"king\",\"content\":\"x\"}] | messages[0].role",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}] |"
            + " messages[0].content[0].type",
        "[{\"role\":\"user\",\"content\":\"x\",\"mood\":1}] | messages[0].mood"
      })
  void wrong_messages_are_refused_by_name(String messages, String parameter) throws Exception {
    Asked asked =
        Asked.post(
            server, "/v1/chat/completions", "{\"model\":\"writer\",\"messages\":" + messages + "}");
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.json().path("error").path("param").asString()).isEqualTo(parameter);
  }

  @Test
  void a_schema_that_is_not_offered_is_refused() throws Exception {
    Asked asked =
        Asked.post(
            server,
            "/v1/chat/completions",
            CHAT
                + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
                + "\"schema\":{\"type\":\"object\",\"if\":{}}}}}");
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.json().path("error").path("code").asString()).isEqualTo("invalid_schema");
  }

  @Test
  void a_prompt_that_fills_the_model_is_refused() throws Exception {
    Asked asked =
        Asked.post(server, "/v1/chat/completions", CHAT.replace("Hello", "x".repeat(3000)) + "}");
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.json().path("error").path("code").asString())
        .isEqualTo("context_length_exceeded");
  }

  @Test
  void a_model_is_asked_for_what_it_can() throws Exception {
    Asked asked =
        Asked.post(server, "/v1/embeddings", "{\"model\":\"writer\",\"input\":\"Hello\"}");
    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.json().path("error").path("message").asString())
        .isEqualTo("model: expected a model that makes vectors, got one that writes and chats");
  }

  @Test
  void completions_go_on_from_texts_and_tokens() throws Exception {
    String request =
        "{\"model\":\"writer\",\"prompt\":[\"Once\",\"upon a\"],\"temperature\":0,"
            + "\"max_tokens\":7,\"echo\":true}";
    JsonNode choices = Asked.post(server, "/v1/completions", request).json().path("choices");
    assertThat(choices.path(0).path("text").asString()).isEqualTo("Once" + alone("Once", 7));
    assertThat(choices.path(1).path("text").asString()).isEqualTo("upon a" + alone("upon a", 7));
    try (TextGenerator writer = TextGenerator.open(folder.resolve("writer"))) {
      String tokens = Arrays.toString(writer.tokens("Once"));
      JsonNode answer =
          Asked.post(
                  server,
                  "/v1/completions",
                  "{\"model\":\"writer\",\"prompt\":"
                      + tokens
                      + ",\"temperature\":0,\"max_tokens\":7,\"logprobs\":3}")
              .json();
      assertThat(answer.path("choices").path(0).path("text").asString())
          .isEqualTo(alone("Once", 7));
      JsonNode scores = answer.path("choices").path(0).path("logprobs");
      assertThat(scores.path("tokens")).hasSize(7);
      assertThat(scores.path("top_logprobs").path(0)).hasSize(3);
      assertThat(scores.path("text_offset").path(6).asInt()).isEqualTo(6);
    }
    Asked wrong =
        Asked.post(server, "/v1/completions", "{\"model\":\"writer\",\"prompt\":[4,4711]}");
    assertThat(wrong.status()).isEqualTo(400);
  }

  @Test
  void vectors_are_the_embedders_in_every_form() throws Exception {
    float[] expected;
    try (Embedder embedder =
        Embedder.open(ModelFiles.folder(folder.resolve("embedder")), DType.F32)) {
      expected = embedder.embed("a b");
    }
    String request = "{\"model\":\"embedder\",\"input\":[\"a b\",\"c\"]";
    JsonNode plain = Asked.post(server, "/v1/embeddings", request + "}").json();
    assertThat(plain.path("data")).hasSize(2);
    String base64 =
        Asked.post(server, "/v1/embeddings", request + ",\"encoding_format\":\"base64\"}")
            .json()
            .path("data")
            .path(0)
            .path("embedding")
            .asString();
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < expected.length; i++) {
      assertThat(plain.path("data").path(0).path("embedding").path(i).asDouble())
          .isCloseTo(expected[i], within(1e-6));
      assertThat(bytes.getFloat()).isEqualTo(expected[i]);
    }
    JsonNode shortened =
        Asked.post(server, "/v1/embeddings", request + ",\"dimensions\":3}")
            .json()
            .path("data")
            .path(0)
            .path("embedding");
    double length = 0;
    for (JsonNode one : shortened) {
      length += one.asDouble() * one.asDouble();
    }
    assertThat(shortened).hasSize(3);
    assertThat(length).isCloseTo(1, within(1e-5));
    assertThat(Asked.post(server, "/v1/embeddings", request + ",\"dimensions\":99}").status())
        .isEqualTo(400);
  }

  @Test
  void the_server_tells_how_it_does() throws Exception {
    chat("");
    assertThat(Asked.get(server, "/health").text()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(Asked.get(server, "/ready").status()).isEqualTo(200);
    String metrics = Asked.get(server, "/metrics").text();
    assertThat(metrics)
        .contains(
            "# TYPE gen_ai_server_request_duration_seconds histogram",
            "gen_ai_server_time_to_first_token_seconds_bucket{gen_ai_operation_name=\"chat\"",
            "gen_ai_token_type=\"output\"",
            "heed_http_requests_total{method=\"POST\",page=\"/v1/chat/completions\",status=\"200\"}",
            "heed_texts_running{gen_ai_request_model=\"writer\"} 0");
    assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
        .allMatch(line -> line.matches("[a-z_]+(\\{.*})? [0-9.E+-]+"));
  }
}
