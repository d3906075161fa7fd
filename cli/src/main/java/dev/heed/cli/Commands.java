package dev.heed.cli;

import dev.heed.cli.convert.ConvertCommand;
import dev.heed.cli.doctor.DoctorCommand;
import dev.heed.cli.embed.EmbedCommand;
import dev.heed.cli.embed.SimilarCommand;
import dev.heed.cli.evaluate.EvaluateCommand;
import dev.heed.cli.explore.ExploreCommand;
import dev.heed.cli.forecast.ForecastCommand;
import dev.heed.cli.generate.ChatCommand;
import dev.heed.cli.generate.GenerateCommand;
import dev.heed.cli.inspect.InspectCommand;
import dev.heed.cli.lock.LockCommand;
import dev.heed.cli.look.LookCommand;
import dev.heed.cli.mechanisms.MechanismsCommand;
import dev.heed.cli.serve.ServeCommand;
import dev.heed.cli.task.AnswerCommand;
import dev.heed.cli.task.ClassifyCommand;
import dev.heed.cli.task.CompleteCommand;
import dev.heed.cli.task.EntitiesCommand;
import dev.heed.cli.task.FillCommand;
import dev.heed.cli.task.HearCommand;
import dev.heed.cli.task.MatchCommand;
import dev.heed.cli.task.NextCommand;
import dev.heed.cli.task.RerankCommand;
import dev.heed.cli.task.SeeCommand;
import dev.heed.cli.task.SummarizeCommand;
import dev.heed.cli.task.TranslateCommand;
import dev.heed.cli.train.FinetuneCommand;
import dev.heed.cli.train.TrainCommand;
import dev.heed.cli.train.VocabularyCommand;
import dev.heed.cli.verify.VerifyCommand;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Heed's commands by name.
 *
 * <p>picocli reads the options of a command by reflection. For all of them that takes longer than
 * most commands run, so that only the one that a line names is read.
 */
final class Commands {
  /** In the order in which help lists them. */
  static final Map<String, Class<?>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("look", LookCommand.class);
    ALL.put("explore", ExploreCommand.class);
    ALL.put("generate", GenerateCommand.class);
    ALL.put("chat", ChatCommand.class);
    ALL.put("serve", ServeCommand.class);
    ALL.put("translate", TranslateCommand.class);
    ALL.put("summarize", SummarizeCommand.class);
    ALL.put("complete", CompleteCommand.class);
    ALL.put("classify", ClassifyCommand.class);
    ALL.put("answer", AnswerCommand.class);
    ALL.put("entities", EntitiesCommand.class);
    ALL.put("fill", FillCommand.class);
    ALL.put("next", NextCommand.class);
    ALL.put("rerank", RerankCommand.class);
    ALL.put("hear", HearCommand.class);
    ALL.put("see", SeeCommand.class);
    ALL.put("match", MatchCommand.class);
    ALL.put("forecast", ForecastCommand.class);
    ALL.put("inspect", InspectCommand.class);
    ALL.put("convert", ConvertCommand.class);
    ALL.put("verify", VerifyCommand.class);
    ALL.put("lock", LockCommand.class);
    ALL.put("train", TrainCommand.class);
    ALL.put("finetune", FinetuneCommand.class);
    ALL.put("vocabulary", VocabularyCommand.class);
    ALL.put("embed", EmbedCommand.class);
    ALL.put("similar", SimilarCommand.class);
    ALL.put("evaluate", EvaluateCommand.class);
    ALL.put("mechanisms", MechanismsCommand.class);
    ALL.put("doctor", DoctorCommand.class);
    ALL.put("bench", BenchCommand.class);
    ALL.put("help", HelpCommand.class);
  }

  private Commands() {}

  /** The one that the first word names; all where it names none, and for {@code help}. */
  static Map<String, Class<?>> neededFor(String... arguments) {
    Class<?> named = arguments.length == 0 ? null : ALL.get(arguments[0]);
    return named == null || named == HelpCommand.class ? ALL : Map.of(arguments[0], named);
  }
}
