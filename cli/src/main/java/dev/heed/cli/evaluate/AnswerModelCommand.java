package dev.heed.cli.evaluate;

import dev.heed.checkpoint.StrictJson;
import dev.heed.cli.BadInputException;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.SquadScore;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.task.AnswerFinder;
import dev.heed.task.AnswerFinder.Options;
import dev.heed.task.AnswerWriter;
import dev.heed.task.Task;
import dev.heed.task.TextPair;
import dev.heed.tensor.DType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code heed evaluate answer}. */
@Command(
    name = "answer",
    description = {
      "A model's answers to questions: exact match and F1 in percent, as SQuAD's programs give"
          + " them.",
      "DATA: SQuAD's JSON, or lines of JSON with question, context and answers."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate answer xquad-en-dev.jsonl.gz --model squad --limit 100"
    })
public final class AnswerModelCommand
    extends ModelMeasureCommand<AnswerModelCommand.Question, String> {
  @Option(
      names = "--no-answer",
      description = "There may be no answer, as in version 2: the empty text.")
  private boolean none;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      description = "What a model that writes reads (default: ${DEFAULT-VALUE}).")
  private String template = AnswerWriter.TEMPLATE;

  /** A question about a text, and what is right. */
  record Question(TextPair pair, List<String> answers) {}

  @Override
  List<Question> examples(Path file) {
    List<Line> lines = Lines.of("DATA", file);
    String first = lines.getFirst().text();
    boolean official = !first.contains("\"question\"") || first.contains("\"paragraphs\"");
    List<Question> questions = new ArrayList<>();
    if (!official) {
      for (Line line : lines) {
        JsonNode fields = parse(file + ", line " + line.number(), line.text());
        questions.add(question(file, fields.path("context"), fields));
      }
      return questions;
    }
    String whole = lines.stream().map(Line::text).collect(Collectors.joining("\n"));
    for (JsonNode article : parse(file.toString(), whole).path("data")) {
      for (JsonNode paragraph : article.path("paragraphs")) {
        for (JsonNode asked : paragraph.path("qas")) {
          questions.add(question(file, paragraph.path("context"), asked));
        }
      }
    }
    return questions;
  }

  private static JsonNode parse(String where, String text) {
    return StrictJson.parse(where, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Question question(Path file, JsonNode context, JsonNode asked) {
    JsonNode given = asked.path("answers");
    JsonNode texts = given.isObject() ? given.path("text") : given;
    if (!context.isString() || !asked.path("question").isString() || !texts.isArray()) {
      throw new BadInputException(
          file + ": expected question, context and answers, got " + asked.propertyNames());
    }
    List<String> right = new ArrayList<>();
    texts.forEach(text -> right.add((text.isObject() ? text.path("text") : text).asString()));
    return new Question(
        new TextPair(asked.path("question").stringValue(), context.stringValue()), right);
  }

  /** The model that Heed carries. */
  @Override
  ModelFiles usual() {
    return ModelFiles.carried("answers");
  }

  @Override
  Asked<Question, String> open(ModelFiles files, @Nullable DType dtype) {
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    return Task.GENERATE.fits(ModelFamilies.of(config).architecture())
        ? new Writing(AnswerWriter.open(files, dtype, template))
        : new Finding(AnswerFinder.open(files, dtype), none);
  }

  /** Parts of texts. */
  private record Finding(AnswerFinder finder, boolean none) implements Asked<Question, String> {
    @Override
    public List<String> apply(List<Question> questions) {
      Options options = none ? Options.USUAL.orNone() : Options.USUAL;
      return finder.find(questions.stream().map(Question::pair).toList(), options).stream()
          .map(answers -> answers.best().text())
          .toList();
    }

    @Override
    public void close() {
      finder.close();
    }
  }

  /** A model's own words. */
  private record Writing(AnswerWriter writer) implements Asked<Question, String> {
    @Override
    public List<String> apply(List<Question> questions) {
      return questions.stream()
          .map(Question::pair)
          .map(pair -> writer.answer(pair.first(), String.valueOf(pair.second())).text())
          .toList();
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  @Override
  String wrong() {
    return "";
  }

  @Override
  CorpusMeasure measure(List<Question> questions, List<String> answers) {
    return SquadScore.measure(none, answers, questions.stream().map(Question::answers).toList());
  }

  @Override
  Map<String, Object> told(Question example, String answer) {
    return Map.of(
        "question", example.pair().first(), "answers", example.answers(), "prediction", answer);
  }
}
