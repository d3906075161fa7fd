package dev.heed.langchain4j;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.chat.ChatTemplate;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.constrain.Constraint;
import dev.heed.generate.constrain.Grammar;
import dev.heed.generate.constrain.JsonSchema;
import dev.heed.generate.search.Finish;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A model that chats: its messages, its settings, one answer after the other. */
final class ChatWriter implements AutoCloseable {
  private static final int USUAL_LENGTH = 1024;

  private final TextGenerator writer;
  private final ChatTemplate template;
  private final ReentrantLock turn = new ReentrantLock();

  private ChatWriter(TextGenerator writer, ChatTemplate template) {
    this.writer = writer;
    this.template = template;
  }

  static ChatWriter open(Path folder) {
    ModelFiles files = ModelFiles.folder(folder);
    ChatTemplate template =
        ChatTemplate.of(files)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "chat: expected a chat template (chat_template.jinja, or the key"
                        + " chat_template of tokenizer_config.json), got none in "
                        + folder));
    TextGenerator writer = TextGenerator.open(files, null);
    writer.remember(1);
    return new ChatWriter(writer, template);
  }

  TextGenerator writer() {
    return writer;
  }

  /** The prompt that messages make. */
  String prompt(List<ChatMessage> messages) {
    return template.prompt(messages.stream().map(ChatWriter::turn).toList());
  }

  private static dev.heed.generate.chat.ChatMessage turn(ChatMessage message) {
    return switch (message) {
      case SystemMessage system -> dev.heed.generate.chat.ChatMessage.system(system.text());
      case UserMessage user when user.hasSingleText() ->
          dev.heed.generate.chat.ChatMessage.user(user.singleText());
      case AiMessage said when !said.hasToolExecutionRequests() ->
          dev.heed.generate.chat.ChatMessage.assistant(said.text());
      default ->
          throw new UnsupportedFeatureException(
              "messages: expected texts of system, user and assistant, got "
                  + message.type()
                  + " with something else");
    };
  }

  /**
   * Answers.
   *
   * @param pieces is told the text as it comes
   */
  ChatResponse write(
      List<ChatMessage> messages, ChatRequestParameters wish, Consumer<String> pieces) {
    if (!wish.toolSpecifications().isEmpty()) {
      throw new UnsupportedFeatureException(
          "toolSpecifications: expected none, got some; heed serve calls tools");
    }
    if (wish.frequencyPenalty() != null || wish.presencePenalty() != null) {
      throw new UnsupportedFeatureException(
          "frequencyPenalty, presencePenalty: expected none, got one");
    }
    int[] prompt = writer.templateTokens(prompt(messages));
    SearchSettings settings = settings(wish);
    turn.lock();
    try (TextStream text = writer.stream(prompt, settings)) {
      while (text.hasNext()) {
        pieces.accept(text.next());
      }
      return response(prompt.length, text.completion());
    } finally {
      turn.unlock();
    }
  }

  private static ChatResponse response(int prompt, Completion completion) {
    boolean cut = completion.generated().finish() == Finish.LENGTH;
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(completion.text()))
        .tokenUsage(new TokenUsage(prompt, completion.generated().steps().size()))
        .finishReason(cut ? FinishReason.LENGTH : FinishReason.STOP)
        .build();
  }

  private SearchSettings settings(ChatRequestParameters wish) {
    GenerationConfig config = writer.config();
    Integer longest = wish.maxOutputTokens();
    boolean said =
        config.given().containsKey("max_new_tokens") || config.given().containsKey("max_length");
    try {
      if (longest != null || !said) {
        config = config.with("max_new_tokens", longest == null ? USUAL_LENGTH : longest);
      }
      config = sampling(config, wish);
      List<String> stops = wish.stopSequences();
      config = stops.isEmpty() ? config : config.with("stop_strings", new ArrayList<>(stops));
    } catch (CheckpointException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    SearchSettings settings = SearchSettings.of(config);
    Grammar form = form(wish.responseFormat());
    return form == null
        ? settings
        : Constraint.of(form, writer.tokenizer(), config.tokens().eosTokenId()).on(settings);
  }

  private static GenerationConfig sampling(GenerationConfig config, ChatRequestParameters wish) {
    Double temperature = wish.temperature();
    if (temperature != null && temperature == 0) {
      return config.with("do_sample", false);
    }
    if (temperature == null && wish.topP() == null && wish.topK() == null) {
      return config;
    }
    GenerationConfig drawn = config.with("do_sample", true);
    drawn = temperature == null ? drawn : drawn.with("temperature", temperature);
    drawn = wish.topP() == null ? drawn : drawn.with("top_p", wish.topP());
    return wish.topK() == null ? drawn : drawn.with("top_k", wish.topK());
  }

  private static @Nullable Grammar form(@Nullable ResponseFormat format) {
    if (format == null || format.type() == ResponseFormatType.TEXT) {
      return null;
    }
    return format.jsonSchema() == null
        ? JsonSchema.any()
        : JsonSchema.grammar(
            JsonMapper.shared()
                .valueToTree(
                    JsonSchemaElementUtils.toMap(format.jsonSchema().rootElement(), true)));
  }

  @Override
  public void close() {
    writer.close();
  }
}
