package dev.heed.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chat model brings to every request.
 *
 * @param parameters where a request says nothing; the name of the model among them
 * @param listeners are told of requests, answers and errors
 */
record ChatSettings(ChatRequestParameters parameters, List<ChatModelListener> listeners) {
  ChatSettings {
    listeners = List.copyOf(listeners);
  }

  /** No settings but the model's name, which is that of its folder or file. */
  static ChatSettings of(Path files) {
    String name = String.valueOf(files.toAbsolutePath().normalize().getFileName());
    return new ChatSettings(
        DefaultChatRequestParameters.builder().modelName(name).build(), List.of());
  }

  /** The same with what is given in place of what was. */
  ChatSettings with(ChatRequestParameters given, List<ChatModelListener> told) {
    check(given.modelName());
    return new ChatSettings(parameters.overrideWith(given), told);
  }

  String name() {
    return parameters.modelName();
  }

  /** Refuses a request for another model. */
  void check(@Nullable String model) {
    if (model != null && !model.equals(name())) {
      throw new UnsupportedFeatureException(
          "modelName: expected this model, "
              + name()
              + ", got "
              + model
              + "; others are not supported: open that one");
    }
  }
}
