package dev.heed.langchain4j;

import static dev.heed.fixture.NextWordModel.END;

import dev.heed.fixture.NextWordModel;
import java.io.IOException;
import java.nio.file.Path;

/** A model that knows what LangChain4j's own tests of chats ask for. */
final class KnowingModel {
  private static final String CALL = "{\"name\":\"getWeather\",\"arguments\":";
  private static final String TAGGED_CALL = "<tool_call>" + CALL;
  private static final String CITY = "{\"city\":\"Ber";

  private static final NextWordModel TOLD =
      new NextWordModel()
          .says(" Germany?", "Ber", "lin", ".", END)
          .says(" 2?", "Berlin", " is", " the", " capital,", " and", " it is", " four.", END)
          .says(" Germany?", CITY, "lin\"", "}", END)
          .says(" field", CITY)
          .says(" you'", "Ich", " liebe", " dich.", END)
          .says(" color?", "Your", " colour", " is green.", END)
          .says(" World'", "Hello", " World", "!", END)
          .says(" story", "Once", " upon", " a", " time", " and", " once", " upon")
          .says(" animals", "Once")
          .says(" Munich?", TAGGED_CALL, "{\"city\":\"Munich\"}", "}</tool_call>", END)
          .says(" Munich?", CALL, "{\"city\":", "\"Munich\"", "}}", END)
          .says(" Munich", CALL)
          .says(" sunny", "The", " sun", " shines.", END)
          .says(" sunny", "{\"weather\":", "\"sunny\"", "}")
          .says(
              " tool.",
              "<tool_call>{\"name\":\"get_current_time\",",
              "\"arguments\":{}}",
              "</tool_call>",
              END)
          .says(" 10:14", "Now", " 10:14.", END)
          .says(
              " parallel)",
              "<tool_call>{\"name\":\"getWeather\",\"arguments\":{\"city\":\"Munich\"}}",
              "</tool_call><tool_call>",
              "{\"name\":\"getTime\",\"arguments\":{\"country\":\"France\"}}",
              "</tool_call>")
          .says(" 14:35", "Sun", " at", " 14:35.", END);

  private KnowingModel() {}

  /** Writes it. */
  static Path write(Path folder) throws IOException {
    return TOLD.write(folder);
  }

  /**
   * Opens it, and has it answer once: what a model remembers of its last chat is then no tensor
   * more after a test than before it.
   */
  static HeedChatModel open(Path folder) {
    HeedChatModel model = HeedChatModel.open(folder);
    model.chat("What is the capital of Germany?");
    return model;
  }
}
