package dev.heed.cli.generate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.BadInputException;
import dev.heed.cli.EvidenceFile;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.GivenText;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ItemTrouble;
import dev.heed.cli.Lines;
import dev.heed.cli.UsageException;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.chat.ChatMessage;
import dev.heed.generate.chat.ChatTemplate;
import dev.heed.generate.search.SearchSettings;
import dev.heed.generate.template.TemplateException;
import dev.heed.task.WrittenEvidence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed chat}: talks with a model, turn by turn. */
@Command(
    name = "chat",
    description = {
      "Talk with a model that has a chat template: one line a turn, from the terminal, from"
          + " standard input or a file; or say one thing and read the answer.",
      "A line /reset begins anew, /exit or the end of the input leaves. What a model thinks before"
          + " it answers stands in brackets."
    },
    footer = {
      "",
      "Examples:",
      "  heed chat \"I need a table for two in San Jose.\"",
      "  heed chat --model Qwen3-0.6B --system \"Answer in one line.\""
    })
public final class ChatCommand extends HeedCommand {
  @Parameters(paramLabel = "TEXT", arity = "0..1", description = "One turn; then it leaves.")
  private @Nullable String text;

  @Option(names = "--file", paramLabel = "FILE", description = "Turns, one a line; - for stdin.")
  private @Nullable Path file;

  @Option(names = "--system", paramLabel = "TEXT", description = "What holds for the whole chat.")
  private @Nullable String system;

  @Option(
      names = EvidenceFile.OPTION,
      paramLabel = "FILE",
      description =
          "Draw which tokens each token of the last answer looked at: a .html page or a .png.")
  private @Nullable Path attention;

  @Mixin private WritingOptions options = new WritingOptions("dialogue");

  /** What {@code --json} prints for a turn. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Turn(String user, @Nullable String assistant, @Nullable String error) {}

  /** What the last answer went on from, and it. */
  private record Answered(int[] prompt, Completion completion) {}

  private @Nullable Answered last;

  @Override
  protected int run() throws IOException {
    if (text != null && file != null) {
      throw new UsageException("TEXT and --file exclude each other: give one of them");
    }
    EvidenceFile.check(attention);
    ChatTemplate template =
        ChatTemplate.of(options.files())
            .orElseThrow(() ->
                new BadInputException(
                    "--model: expected a chat template (chat_template.jinja, or the key"
                        + " chat_template of tokenizer_config.json), got none in "
                        + options.files().describe()
                        + "; `heed generate` writes with models that have none"));
    List<Turn> turns = new ArrayList<>();
    try (TextGenerator writer = options.open();
        ChatTurns lines = turns()) {
      SearchSettings settings = options.settings(writer);
      // the turns before stay known
      writer.remember(1);
      List<ChatMessage> messages = begin();
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.strip().equals("/exit")) {
          break;
        }
        if (line.strip().equals("/reset")) {
          messages = begin();
        } else if (!line.isBlank()) {
          turns.add(turn(writer, settings, template, messages, line));
        }
      }
      if (attention != null) {
        draw(writer, attention);
      }
    }
    if (json()) {
      printJson(turns);
    }
    out().flush();
    return turns.stream().allMatch(turn -> turn.error() == null)
        ? ExitStatus.OK
        : ExitStatus.CHECK_FAILED;
  }

  private ChatTurns turns() {
    if (text != null) {
      return ChatTurns.of(GivenText.filled("TEXT", text));
    }
    return file == null
        ? ChatTurns.ofStandardInput(json() ? null : err())
        : ChatTurns.of(Lines.of("--file", file));
  }

  private void draw(TextGenerator writer, Path to) {
    if (last == null) {
      throw new BadInputException(EvidenceFile.OPTION + ": expected an answer to draw, got none");
    }
    Answered answer = last;
    EvidenceFile.write(
        to, () -> WrittenEvidence.of(writer, answer.prompt(), answer.completion()), err());
  }

  private List<ChatMessage> begin() {
    List<ChatMessage> messages = new ArrayList<>();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
    return messages;
  }

  /** A turn that fails is left out of what follows; the chat goes on. */
  private Turn turn(
      TextGenerator writer,
      SearchSettings settings,
      ChatTemplate template,
      List<ChatMessage> messages,
      String line) {
    messages.add(ChatMessage.user(line));
    try {
      String answer = answer(writer, settings, template.prompt(messages));
      messages.add(ChatMessage.assistant(answer));
      return new Turn(line, answer, null);
    } catch (TemplateException e) {
      return failed(messages, line, "the chat template refuses the chat: " + e.getMessage());
    } catch (RuntimeException e) {
      return failed(messages, line, ItemTrouble.explain(e));
    }
  }

  private Turn failed(List<ChatMessage> messages, String line, String error) {
    messages.removeLast();
    err().println("heed: " + error);
    return new Turn(line, null, error);
  }

  private String answer(TextGenerator writer, SearchSettings settings, String prompt) {
    int[] tokens = writer.templateTokens(prompt);
    try (TextStream stream = writer.stream(tokens, settings)) {
      while (stream.hasNext()) {
        String piece = stream.next();
        if (!json()) {
          out().print(Thoughts.shown(piece));
          out().flush();
        }
      }
      if (!json()) {
        out().println();
      }
      last = new Answered(tokens, stream.completion());
      return stream.completion().text();
    }
  }
}
