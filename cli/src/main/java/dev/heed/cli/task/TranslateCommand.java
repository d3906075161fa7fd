package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Translator;
import dev.heed.task.Translator.Options;
import dev.heed.task.Translator.Translation;
import dev.heed.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed translate}: a text in another language. */
@Command(
    name = "translate",
    description = {
      "Translate texts, by a model of one pair of languages or of many.",
      "Languages are codes such as en, fra or pt_XX; a model of one pair needs none."
    },
    footer = {
      "",
      "Examples:",
      "  heed translate --model opus-mt-en-fr \"How are you?\"",
      "  heed translate --model nllb-200 --from en --to fr --file in.txt > out.txt",
      "  heed translate --model opus-mt-en-fr --attention alignment.png \"The black cat sat.\""
    })
public final class TranslateCommand extends TextTaskCommand<Translation> {
  @Option(names = "--from", paramLabel = "LANG", description = "The language of the texts.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "LANG", description = "The language to translate into.")
  private @Nullable String to;

  @Mixin private LengthOptions lengths = new LengthOptions();

  @Override
  String carried() {
    return "translation";
  }

  @Override
  TaskSession<Translation> open(ModelFiles files, @Nullable DType type) {
    Options options = new Options(from, to, lengths.beams(), lengths.most());
    Translator translator = Translator.open(files, type);
    try {
      translator.translate(List.of(), options);
    } catch (IllegalArgumentException e) {
      translator.close();
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return new TaskSession<>() {
      @Override
      public List<Translation> results(List<TaskItem> items) {
        return translator.translate(items.stream().map(TaskItem::text).toList(), options, batch());
      }

      /** More than are written at once: one that ends makes room for the next. */
      @Override
      public int handed(int batch) {
        return LengthOptions.ROUNDS * batch;
      }

      @Override
      public void print(TaskItem item, Translation result, Output out) {
        out.println(result.text().replaceAll("\\R", " "));
      }

      @Override
      public Evidence evidence(TaskItem item, Translation result) {
        return translator.explain(item.text(), options);
      }

      @Override
      public void close() {
        translator.close();
      }
    };
  }
}
