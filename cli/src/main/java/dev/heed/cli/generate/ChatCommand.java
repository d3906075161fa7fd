package dev.heed.cli.generate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ModelOption;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.chat.ChatMessage;
import dev.heed.generate.chat.ChatTemplate;
import dev.heed.generate.search.SearchSettings;
import dev.heed.generate.template.TemplateException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed chat}: talks with a model, turn by turn. */
@Command(
    name = "chat",
    description = {
      "Talk with a model that has a chat template: one line a turn, from the terminal or from"
          + " standard input.",
      "A line /reset begins anew, /exit or the end of the input leaves."
    },
    footer = {"", "Example:", "  heed chat --model Qwen3-0.6B --system \"Answer in one line.\""})
public final class ChatCommand extends HeedCommand {
  @Option(names = "--system", paramLabel = "TEXT", description = "What holds for the whole chat.")
  private @Nullable String system;

  @Mixin private WritingOptions options = new WritingOptions();

  /** What {@code --json} prints for a turn. */
  private record Turn(String user, String assistant) {}

  @Override
  protected int run() throws IOException {
    ChatTemplate template =
        ChatTemplate.of(ModelOption.files("--model", options.model()))
            .orElseThrow(() ->
                new BadInputException(
                    "--model: expected a chat template (chat_template.jinja, or the key"
                        + " chat_template of tokenizer_config.json), got none in "
                        + options.model()
                        + "; `heed generate` writes with models that have none"));
    boolean watched = System.console() != null && System.console().isTerminal() && !json();
    List<Turn> turns = new ArrayList<>();
    try (TextGenerator writer = options.open()) {
      SearchSettings settings = options.settings(writer);
      // the turns before stay known
      writer.remember(1);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      List<ChatMessage> messages = begin();
      for (String line = read(in, watched); line != null; line = read(in, watched)) {
        if (line.strip().equals("/exit")) {
          break;
        }
        if (line.strip().equals("/reset")) {
          messages = begin();
        } else if (!line.isBlank()) {
          turns.add(answer(writer, settings, template, messages, line));
        }
      }
    }
    if (json()) {
      printJson(turns);
    }
    out().flush();
    return ExitStatus.OK;
  }

  private List<ChatMessage> begin() {
    List<ChatMessage> messages = new ArrayList<>();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
    return messages;
  }

  private @Nullable String read(BufferedReader in, boolean watched) throws IOException {
    if (watched) {
      err().print("> ");
      err().flush();
    }
    return in.readLine();
  }

  private Turn answer(
      TextGenerator writer,
      SearchSettings settings,
      ChatTemplate template,
      List<ChatMessage> messages,
      String line) {
    messages.add(ChatMessage.user(line));
    String prompt;
    try {
      prompt = template.prompt(messages);
    } catch (TemplateException e) {
      throw new BadInputException("the chat template refuses the chat: " + e.getMessage());
    }
    try (TextStream text = writer.stream(writer.templateTokens(prompt), settings)) {
      while (text.hasNext()) {
        String piece = text.next();
        if (!json()) {
          out().print(piece);
          out().flush();
        }
      }
      if (!json()) {
        out().println();
      }
      String answer = text.completion().text();
      messages.add(ChatMessage.assistant(answer));
      return new Turn(line, answer);
    }
  }
}
