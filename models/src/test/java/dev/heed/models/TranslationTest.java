package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.Chrf;
import dev.heed.evaluate.References;
import dev.heed.explain.AttentionMap;
import dev.heed.model.ModelFiles;
import dev.heed.task.Translator;
import dev.heed.task.Translator.Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On 50 of each 2,000 validation sentences. */
@Tag("integration")
class TranslationTest {
  @Test
  void it_writes_french_if_nothing_else_is_said_and_shows_what_it_looked_at() {
    try (Translator translator = Translator.open(ModelFiles.carried("translation"), null)) {
      assertThat(translator.languages()).containsExactlyInAnyOrder("eng", "fra", "deu");
      assertThat(translator.translate("I love you.", Options.USUAL).text()).startsWith("Je ");
      assertThat(translator.translate("I love you.", Options.USUAL.withTo("de")).text())
          .isEqualTo("Ich liebe dich.");
      AttentionMap map = translator.align("The cat sat on the mat.", Options.USUAL).getFirst();
      assertThat(map.keyLabels()).contains("cat");
    }
  }

  @Test
  void its_score_holds() throws IOException {
    List<String[]> rows =
        Samples.lines("tatoeba-sample.tsv").stream().skip(1).map(row -> row.split("\t")).toList();
    assertThat(rows).hasSize(150);
    try (Translator translator = Translator.open(ModelFiles.carried("translation"), null)) {
      List<String> written = new ArrayList<>();
      for (String to : List.of("fra", "deu", "eng")) {
        List<String> sources =
            rows.stream().filter(row -> row[0].equals(to)).map(row -> row[1]).toList();
        translator
            .translate(sources, Options.USUAL.withTo(to).withBeams(1))
            .forEach(each -> written.add(each.text()));
      }
      List<List<String>> references = rows.stream().map(row -> List.of(row[2])).toList();
      double score = Chrf.usual().measure(written, new References(references)).value("chrf");
      assertThat(score).isBetween(35.0, 75.0);
    }
  }
}
