package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.audio.Sound;
import dev.heed.explain.AttentionMap;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.task.AnswerFinder.Answer;
import dev.heed.task.AnswerFinder.Options;
import dev.heed.task.Classification.Label;
import dev.heed.task.EntityFinder.Entity;
import dev.heed.task.MaskFiller.Guess;
import dev.heed.task.Reranker.Ranked;
import dev.heed.task.speech.SpeechRecognizer;
import dev.heed.task.speech.SpeechSettings;
import dev.heed.task.speech.SpokenWord;
import dev.heed.task.speech.Transcript;
import dev.heed.vision.RgbImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of docs/tasks.md: each runs, and its lines are those of the page. */
@Tag("integration")
class TasksPageTest {
  @TempDir Path folder;
  private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
  private PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @BeforeEach
  void begin() {
    bytes.reset();
  }

  private void write(String recorded, String words) throws IOException {
    TinyCheckpoint.write(folder, recorded, words, Map.of());
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void classify() throws IOException {
    write("bert-classify", "bert");
    // classify
    try (Classifier classifier = Classifier.open(folder)) {
      Label best = classifier.classify("the old town is very good").best();
      out.println(best.name() + " " + best.score());
      List<TextPair> pairs = List.of(new TextPair("a man sat", "a man ran"));
      out.println(classifier.classify(pairs).getFirst().labels());
      out.println(classifier.explain(TextPair.of("it is not bad")).parts());
    }
    // end
    assertThat(printed()).contains("Label[name=").contains("Word[text=bad");
  }

  @Test
  void zero_shot() throws IOException {
    TinyCheckpoint.write(
        folder,
        "bert-classify",
        "bert",
        Map.of(
            "id2label", "{\"0\": \"contradiction\", \"1\": \"neutral\", \"2\": \"entailment\"}"));
    // zero-shot
    try (ZeroShotClassifier classifier = ZeroShotClassifier.open(folder)) {
      List<String> labels = List.of("sport", "politics", "money");
      out.println(classifier.classify("the king saw the town", labels).best().name());
    }
    // end
    assertThat(printed().strip()).isIn("sport", "politics", "money");
  }

  @Test
  void answer() throws IOException {
    write("bert-qa", "bert");
    // answer
    try (AnswerFinder finder = AnswerFinder.open(folder)) {
      String text = "anna saw the cat in the old house and the dog in the town";
      Answer best = finder.find("where is the cat ?", text, Options.USUAL.orNone()).best();
      out.println(best.text().isEmpty() ? "no answer" : best.text());
      out.println(best.start() + " to " + best.end() + ", " + best.probability());
    }
    // end
    assertThat(printed()).contains(" to ");
  }

  @Test
  void entities() throws IOException {
    write("bert-ner", "bert");
    // entities
    try (EntityFinder finder = EntityFinder.open(folder)) {
      for (Entity entity : finder.find("anna saw peter in london")) {
        out.println(entity.type() + " " + entity.text() + " at " + entity.start());
      }
    }
    // end
    assertThat(printed()).contains(" at ");
  }

  @Test
  void fill() throws IOException {
    write("bert", "bert");
    // fill
    try (MaskFiller filler = MaskFiller.open(folder)) {
      String text = "the cat " + filler.mask() + " on the tree";
      for (Guess guess : filler.fill(text, 5).holes().getFirst().guesses()) {
        out.println(guess.word() + " " + guess.probability());
      }
    }
    // end
    assertThat(printed().split("\n")).hasSize(5);
  }

  @Test
  void next() throws IOException {
    write("bert", "bert");
    // next
    try (NextSentence next = NextSentence.open(folder)) {
      out.println(next.follows("the man saw a fish", "he ate it"));
    }
    // end
    assertThat(Double.parseDouble(printed().strip())).isBetween(0.0, 1.0);
  }

  @Test
  void rerank() throws IOException {
    TinyCheckpoint.write(
        folder, "bert-classify", "bert", Map.of("id2label", "{\"0\": \"A\"}", "label2id", ""));
    TinyCheckpoint.change(
        folder, (name, value) -> name.startsWith("classifier.") ? value.narrow(0, 0, 1) : value);
    // rerank
    try (Reranker reranker = Reranker.open(folder)) {
      List<String> texts = List.of("the dog ran", "a cat sat on the tree", "it is red");
      for (Ranked ranked : reranker.rank("where is the cat ?", texts)) {
        out.println(ranked.score() + " " + texts.get(ranked.index()));
      }
    }
    // end
    assertThat(printed().split("\n")).hasSize(3);
  }

  @Test
  void translate() throws IOException {
    write("m2m-100", "m2m");
    // translate
    try (Translator translator = Translator.open(folder)) {
      Translator.Options into = Translator.Options.USUAL.withFrom("en").withTo("fr");
      out.println(translator.translate("the cat sat on the tree", into).text());
      AttentionMap words = translator.align("the cat sat on the tree", into).getFirst();
      List<String> source = words.keyLabels();
      for (int i = 0; i < words.queries().size(); i++) {
        out.println(words.queryLabels().get(i) + " from " + source.get(words.strongest(0, 0, i)));
      }
    }
    // end
    assertThat(printed()).contains(" from ");
  }

  @Test
  void summarize() throws IOException {
    write("bart", "bart");
    String document = "the cat sat on the tree and the dog saw it . ".repeat(5);
    // summarize
    try (Summarizer summarizer = Summarizer.open(folder)) {
      Summarizer.Summary summary = summarizer.summarize(document);
      out.println(summary.text());
      out.println("read in " + summary.pieces() + " pieces");
    }
    // end
    assertThat(printed()).contains("read in ");
  }

  @Test
  void complete() throws IOException {
    write("gpt2", "gpt");
    // complete
    try (Completer completer = Completer.open(folder)) {
      out.println(completer.complete("def area(r):\n    return ", 16));
      if (completer.fillsMiddle()) {
        out.println(completer.complete("def area(r):\n    ", "\n    return a", 16));
      }
    }
    // end
    assertThat(printed()).isNotBlank();
  }

  @Test
  void hear() throws IOException {
    TinyCheckpoint.hearing(folder, "wav2vec2", "letters", Map.of());
    float[] samples = new float[8000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) Math.sin(i * (0.02 + i * 2e-6));
    }
    Sound sound = Sound.mono(16_000, samples);
    // hear
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder)) {
      Transcript heard = recognizer.recognize(sound);
      out.println(heard.text());
      for (SpokenWord word : heard.words()) {
        out.println(word.start() + " to " + word.end() + ": " + word.text());
      }
      out.println(recognizer.explain(sound, SpeechSettings.DEFAULT).parts().size());
    }
    // end
    assertThat(printed()).contains(" to ").endsWith("2\n");
  }

  @Test
  void see() {
    Path vit = Path.of("src", "test", "resources", "golden", "models", "vit");
    Path detr = vit.resolveSibling("detr");
    RgbImage image = ImageClassifierTest.image(1, 40, 50);
    // see
    try (ImageClassifier classifier = ImageClassifier.open(vit);
        ObjectDetector detector = ObjectDetector.open(detr)) {
      out.println(classifier.classify(image).best());
      out.println(classifier.explain(image).title());
      for (FoundObject object : detector.detect(image, 0.3)) {
        out.println(object.name() + " from column " + object.box().left());
      }
    }
    // end
    assertThat(printed()).contains("LABEL_").contains(" from column ");
  }

  @Test
  void match() throws IOException {
    write("clip", "bert");
    RgbImage image = ImageClassifierTest.image(1, 40, 50);
    RgbImage other = ImageClassifierTest.image(2, 24, 24);
    // match
    try (ImageTextMatcher matcher = ImageTextMatcher.open(folder)) {
      List<String> texts = List.of("the cat", "a dog");
      out.println(matcher.overTexts(List.of(image), texts).getFirst().best());
      out.println(matcher.overImages(List.of(image, other), texts).getFirst()[0]);
    }
    // end
    assertThat(printed()).contains("Label[name=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify",
        "zero-shot",
        "answer",
        "entities",
        "fill",
        "next",
        "rerank",
        "translate",
        "summarize",
        "complete",
        "hear",
        "see",
        "match"
      })
  void the_page_shows_these_lines(String name) throws IOException {
    Path here = Path.of("src", "test", "java", "dev", "heed", "task", "TasksPageTest.java");
    Path page = Path.of("..", "docs", "tasks.md");
    String section = between(Files.readString(page), "## `" + name + "`\n", "\n## ");
    assertThat(between(section, "```java\n", "```"))
        .isNotEmpty()
        .isEqualTo(between(Files.readString(here), "// " + name + "\n", "// end"));
  }

  private static String between(String text, String from, String to) {
    int start = text.indexOf(from);
    assertThat(start).as(from).isNotNegative();
    start += from.length();
    int end = text.indexOf(to, start);
    String part = text.substring(start, end < 0 ? text.length() : end);
    return to.equals("\n## ") ? part : part.replaceAll("\\s+", "");
  }
}
