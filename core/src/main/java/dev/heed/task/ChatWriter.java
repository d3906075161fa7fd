package dev.heed.task;

import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.chat.ChatMessage;
import dev.heed.generate.chat.ChatTemplate;
import dev.heed.generate.chat.ToolCall;
import dev.heed.generate.chat.ToolText;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.Finish;
import dev.heed.model.ModelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Answers in chats, by a model that writes and has a chat template: texts, JSON of a schema, calls
 * of tools.
 *
 * <p>Any number of threads may use it at once; one answer is written after the other, and what a
 * chat shares with the one before it is not computed again.
 */
public final class ChatWriter implements AutoCloseable {
  private final TextGenerator writer;
  private final ChatTemplate template;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean closed;

  private ChatWriter(TextGenerator writer, ChatTemplate template) {
    this.writer = writer;
    this.template = template;
  }

  /**
   * An answer.
   *
   * @param text what it says, without calls
   * @param calls the tools that it calls; empty for none
   * @param finish why it ended
   * @param promptTokens how many tokens the messages are
   * @param tokens how many it has
   */
  public record Answer(
      String text, List<ToolCall> calls, Finish finish, int promptTokens, int tokens) {}

  /**
   * Opens a checkpoint, weights as they are stored.
   *
   * @param folder or file
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   * @throws IllegalArgumentException for a model that does not write, or has no chat template
   */
  public static ChatWriter open(Path folder) {
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

  /** How many tokens a text is, with the special ones that the tokenizer adds. */
  public int count(String text) {
    return writer.tokens(text).length;
  }

  /** How many tokens a chat is, with what the template adds to it for an answer. */
  public int count(List<ChatMessage> messages) {
    return writer.templateTokens(template.prompt(messages)).length;
  }

  /**
   * Answers.
   *
   * @param messages the chat so far, in order
   * @param pieces is told the text as it comes; what it throws ends the answer
   * @throws IllegalArgumentException for a wish that cannot be met
   * @throws IllegalStateException if this was closed, also while it answers
   * @throws dev.heed.generate.template.TemplateException if the template refuses the messages
   */
  public Answer answer(List<ChatMessage> messages, ChatWish wish, Consumer<String> pieces) {
    int[] prompt = writer.templateTokens(template.prompt(messages, wish.tools()));
    turn.lock();
    try {
      requireOpen();
      return written(prompt, wish, pieces);
    } finally {
      turn.unlock();
    }
  }

  private Answer written(int[] prompt, ChatWish wish, Consumer<String> pieces) {
    List<JsonNode> tools = wish.tools();
    try (TextStream text = writer.stream(prompt, wish.settings(writer))) {
      ToolText.Answer answer =
          tools.isEmpty() ? plain(text, pieces) : withCalls(text, prompt.length, pieces);
      Completion completion = text.completion();
      return new Answer(
          answer.text(),
          answer.calls(),
          completion.generated().finish(),
          prompt.length,
          completion.generated().steps().size());
    }
  }

  private ToolText.Answer plain(TextStream text, Consumer<String> pieces) {
    while (text.hasNext()) {
      requireOpen();
      pieces.accept(text.next());
    }
    return new ToolText.Answer(text.completion().text(), List.of());
  }

  private ToolText.Answer withCalls(TextStream text, int prompt, Consumer<String> pieces) {
    ToolText told = new ToolText(writer.tokenizer());
    int taken = prompt;
    while (text.hasNext()) {
      requireOpen();
      String piece = text.next();
      Tokens tokens = text.generated().tokens();
      for (; taken < tokens.size(); taken++) {
        String ready = told.add(tokens.get(taken), taken == tokens.size() - 1 ? piece : "");
        if (!ready.isEmpty()) {
          pieces.accept(ready);
        }
      }
    }
    ToolText.Answer answer = told.end(text.completion());
    if (answer.text().length() > told.told().length()) {
      pieces.accept(answer.text().substring(told.told().length()));
    }
    return answer;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this model was closed");
    }
  }

  /** Ends an answer that is being written, then closes the model. */
  @Override
  public void close() {
    closed = true;
    turn.lock();
    try {
      writer.close();
    } finally {
      turn.unlock();
    }
  }
}
