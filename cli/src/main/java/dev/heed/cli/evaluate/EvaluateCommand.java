package dev.heed.cli.evaluate;

import dev.heed.cli.HeedCommand;
import dev.heed.cli.UsageException;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;

/** {@code heed evaluate}: measures predictions, or a model on a data set. */
@Command(
    name = "evaluate",
    description = {
      "Measure predictions against references, with intervals, or a model on a data set.",
      "",
      "Each measure gives the value of the field's reference program.",
      "A task (answer, classify, dialogue, fill, forecast, hear, match, next-line, rerank, see,"
          + " summarize, translate; entities and perplexity with --model) asks a model about every"
          + " example of a file."
    },
    subcommands = {
      BleuCommand.class,
      ChrfCommand.class,
      TerCommand.class,
      RougeCommand.class,
      WordErrorCommand.class,
      CharacterErrorCommand.class,
      SquadCommand.class,
      EntitiesCommand.class,
      ClassificationCommand.class,
      MultiLabelCommand.class,
      BinaryCommand.class,
      CalibrationCommand.class,
      CorrelationCommand.class,
      RankingCommand.class,
      DetectionCommand.class,
      PerplexityCommand.class,
      AlignmentCommand.class,
      LinksCommand.class,
      LengthsCommand.class,
      AssociationCommand.class,
      CoreferenceCommand.class,
      StsCommand.class,
      ClassifyModelCommand.class,
      AnswerModelCommand.class,
      FillModelCommand.class,
      RerankModelCommand.class,
      TranslateModelCommand.class,
      SummarizeModelCommand.class,
      HearModelCommand.class,
      SeeModelCommand.class,
      MatchModelCommand.class,
      ForecastModelCommand.class,
      DialogueModelCommand.class,
      NextLineCommand.class
    },
    synopsisSubcommandLabel = "MEASURE",
    footer = {
      "",
      "Examples:",
      "  heed evaluate bleu --predictions out.txt --references ref.txt",
      "  heed evaluate sts valid.tsv",
      "  heed evaluate classify valid.tsv --model sst2 --items answers.jsonl"
    })
public final class EvaluateCommand extends HeedCommand {
  @Override
  protected int run() {
    Set<String> names = new TreeSet<>(spec().subcommands().keySet());
    throw new UsageException(
        "a measure or task is missing: name one of " + String.join(", ", names));
  }
}
