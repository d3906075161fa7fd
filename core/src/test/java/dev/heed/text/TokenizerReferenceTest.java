package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.golden.GoldenFolder;
import dev.heed.text.recorded.TokenizerVerification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every recorded tokenizer: ids, spellings, offsets and decoded texts, all equal. */
@Tag("integration")
class TokenizerReferenceTest {
  @TestFactory
  Stream<DynamicTest> equals_its_recording() {
    Path area = GoldenFolder.area("tokenizers");
    List<Path> folders =
        GoldenFolder.list(area).stream()
            .flatMap(folder -> Stream.of(folder, folder.resolve("fast")))
            .filter(folder -> Files.isRegularFile(folder.resolve("expected.json")))
            .toList();
    assertThat(folders).isNotEmpty();
    return folders.stream()
        .map(folder ->
            DynamicTest.dynamicTest(area.relativize(folder).toString(), () -> check(folder)));
  }

  private static void check(Path folder) {
    TokenizerVerification.Outcome outcome = new TokenizerVerification(folder).run();
    List<String> first = outcome.differences().stream().limit(5).map(Object::toString).toList();
    assertThat(first)
        .as("%d of %d values differ", outcome.differences().size(), outcome.compared())
        .isEmpty();
    assertThat(outcome.notCompared()).as("recorded and not compared").isEmpty();
    assertThat(outcome.compared()).isPositive();
  }
}
