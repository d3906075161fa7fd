package dev.heed.cli.evaluate;

import dev.heed.cli.UsageException;
import dev.heed.evaluate.Bleu;
import dev.heed.evaluate.Chrf;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.JointMeasure;
import dev.heed.evaluate.References;
import dev.heed.model.ModelFiles;
import dev.heed.task.Translator;
import dev.heed.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate translate}. */
@Command(
    name = "translate",
    description = {
      "A model's translations: BLEU and chrF at sacrebleu's values.",
      "DATA: cells with tabs between them, the source first, or lines of JSON, whose fields"
          + " --source and --target name."
    },
    footer = {
      "",
      "Examples:",
      "  heed evaluate translate valid.tsv --model opus-mt-en-fr --limit 100",
      "  heed evaluate translate valid-multiref.jsonl --source en --target refs --model m2m100 --to"
          + " fr"
    })
public final class TranslateModelCommand extends WrittenModelCommand {
  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "The field of the source (default: ${DEFAULT-VALUE}).")
  private String source = "1";

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "The field of the translation, or of several (default: ${DEFAULT-VALUE}).")
  private String target = "2";

  @Option(names = "--from", paramLabel = "LANG", description = "The language of the sources.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "LANG", description = "The language to translate into.")
  private @Nullable String to;

  private @Nullable String signature;

  @Override
  String[] sources() {
    return new String[] {source};
  }

  @Override
  String[] references() {
    return new String[] {target};
  }

  /** The model that Heed carries. */
  @Override
  ModelFiles usual() {
    return ModelFiles.carried("translation");
  }

  @Override
  Asked<Written, String> open(ModelFiles files, @Nullable DType dtype) {
    Translator translator = Translator.open(files, dtype);
    Translator.Options options = new Translator.Options(from, to, beams(), most());
    try {
      translator.translate(List.of(), options);
    } catch (IllegalArgumentException e) {
      translator.close();
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return new Asked<>() {
      @Override
      public List<String> apply(List<Written> examples) {
        return translator
            .translate(examples.stream().map(Written::source).toList(), options)
            .stream()
            .map(Translator.Translation::text)
            .toList();
      }

      @Override
      public void close() {
        translator.close();
      }
    };
  }

  @Override
  CorpusMeasure measure(List<Written> examples, List<String> answers) {
    References right = new References(examples.stream().map(Written::references).toList());
    signature = Bleu.usual().signature(right) + "  " + Chrf.usual().signature(right);
    return new JointMeasure(
        List.of(Bleu.usual().measure(answers, right), Chrf.usual().measure(answers, right)));
  }

  @Override
  @Nullable String signature() {
    return signature;
  }
}
