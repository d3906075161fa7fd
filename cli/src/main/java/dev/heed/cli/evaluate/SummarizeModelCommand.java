package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.References;
import dev.heed.evaluate.Rouge;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.task.SentencePicker;
import dev.heed.task.Summarizer;
import dev.heed.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate summarize}. */
@Command(
    name = "summarize",
    description = {
      "A model's summaries: ROUGE F-scores at rouge-score's values; of several references the best"
          + " counts.",
      "DATA: lines of JSON, or cells with tabs between them.",
      "Without --model: the text's own sentences that are most like all others."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate summarize scitldr/valid.jsonl.gz --model bart-large-cnn"
    })
public final class SummarizeModelCommand extends WrittenModelCommand {
  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "The field of the text (default: document, article, text, abstract or 1).")
  private @Nullable String source;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "The field of the summary (default: summary, summaries, highlights or 2).")
  private @Nullable String target;

  @Option(names = "--stem", description = "Cut words to their stems.")
  private boolean stemmed;

  @Option(
      names = "--sentences",
      paramLabel = "N",
      description = "Without --model: how many sentences to pick (default: ${DEFAULT-VALUE}).")
  private int sentences = 1;

  private boolean picks;

  @Override
  ModelFiles usual() {
    picks = true;
    return ModelFiles.embedded();
  }

  @Override
  String[] sources() {
    return source == null
        ? new String[] {"document", "article", "text", "abstract", "1"}
        : new String[] {source};
  }

  @Override
  String[] references() {
    return target == null
        ? new String[] {"summary", "summaries", "highlights", "2"}
        : new String[] {target};
  }

  @Override
  Asked<Written, String> open(ModelFiles files, @Nullable DType dtype) {
    if (picks) {
      return picking(new SentencePicker(Embedder.open(files, dtype == null ? DType.F32 : dtype)));
    }
    Summarizer summarizer = Summarizer.open(files, dtype);
    Summarizer.Options options = new Summarizer.Options(most(), null, beams());
    return new Asked<>() {
      @Override
      public List<String> apply(List<Written> examples) {
        return examples.stream()
            .map(example -> summarizer.summarize(example.source(), options).text())
            .toList();
      }

      @Override
      public void close() {
        summarizer.close();
      }
    };
  }

  private Asked<Written, String> picking(SentencePicker picker) {
    return new Asked<>() {
      @Override
      public List<String> apply(List<Written> examples) {
        return examples.stream()
            .map(example -> SentencePicker.joined(picker.pick(example.source(), sentences)))
            .toList();
      }

      @Override
      public void close() {
        picker.close();
      }
    };
  }

  @Override
  CorpusMeasure measure(List<Written> examples, List<String> answers) {
    return new Rouge(stemmed)
        .measure(
            Rouge.usual(),
            answers,
            new References(examples.stream().map(Written::references).toList()));
  }
}
