package dev.heed.spring;

import static dev.heed.fixture.NextWordModel.END;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.NextWordModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Spring AI's own loop of calls: the model asks for the weather, is told it, and says it. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit and open
class ToolCallingTest {
  private static final String CALL = "{\"name\":\"weather\",\"arguments\":";

  @TempDir Path folder;
  private final List<String> asked = new ArrayList<>();
  private HeedChatModel model;

  @BeforeEach
  void open() throws IOException {
    model =
        HeedChatModel.open(
            new NextWordModel()
                .says(
                    " Munich?", "<tool_call>" + CALL, "{\"city\":\"Munich\"}", "}</tool_call>", END)
                .says(" Munich?", CALL, "{\"city\":", "\"Munich\"", "}}", END)
                .says(" \"sunny\"", "The", " sun", " shines.", END)
                .says(" \"sunny\"", "{\"sky\":", "\"blue\"", "}", END)
                .write(folder));
  }

  @AfterEach
  void close() {
    model.close();
  }

  /** What the tool is asked for. */
  record Place(String city) {}

  private ToolCallback weather() {
    return FunctionToolCallback.builder(
            "weather",
            (Place place) -> {
              asked.add(place.city());
              return "sunny";
            })
        .description("The weather of a city")
        .inputType(Place.class)
        .build();
  }

  @Test
  void a_tool_is_called_and_its_result_is_said() {
    String answer =
        ChatClient.create(model)
            .prompt("What is the weather in Munich?")
            .tools(weather())
            .call()
            .content();
    assertThat(answer).isEqualTo("The sun shines.");
    assertThat(asked).containsExactly("Munich");
  }

  @Test
  void a_stream_calls_too() {
    List<String> pieces =
        ChatClient.create(model).prompt("What is the weather in Munich?").tools(weather()).stream()
            .content()
            .collectList()
            .block();
    assertThat(pieces).isNotNull();
    assertThat(String.join("", pieces)).isEqualTo("The sun shines.");
    assertThat(asked).containsExactly("Munich");
  }

  @Test
  void an_answer_of_a_schema_may_call_first() {
    String answer =
        ChatClient.create(model)
            .prompt("What is the weather in Munich?")
            .options(
                HeedChatOptions.builder()
                    .toolCallbacks(weather())
                    .outputSchema(
                        "{\"type\":\"object\",\"properties\":{\"sky\":{\"enum\":[\"grey\",\"blue\"]}},"
                            + "\"required\":[\"sky\"],\"additionalProperties\":false}"))
            .call()
            .content();
    assertThat(answer).isEqualTo("{\"sky\":\"blue\"}");
    assertThat(asked).containsExactly("Munich");
  }
}
