package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.StrictJson;
import dev.heed.golden.GoldenFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Heed's tokenizers against the library that they replace, on random texts: ids, spellings,
 * offsets, words, segments and decoded text are equal. Characters that Unicode has since the
 * library's tables were made do not occur in the texts.
 */
class LibraryDifferentialTest {
  private static final long SEED = 20_261_129;

  @TestFactory
  @Tag("integration")
  Stream<DynamicTest> every_recorded_tokenizer() {
    return GoldenFolder.list(GoldenFolder.area("tokenizers")).stream()
        .flatMap(folder -> Stream.of(folder, folder.resolve("fast")))
        .map(folder -> folder.resolve("tokenizer.json"))
        .filter(Files::isRegularFile)
        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    ObjectNode json = (ObjectNode) StrictJson.parse(file.toString(), Files.readAllBytes(file));
    json.putNull("truncation");
    json.putNull("padding");
    compare(json.toString(), SEED, 300);
  }

  @Test
  @Tag("integration")
  void tokenizers_of_random_parts() {
    IntStream.range(0, 400).forEach(i -> compare(RandomTokenizers.json(SEED + i), SEED + i, 12));
  }

  @Test
  @Tag("soak")
  void many_tokenizers_of_random_parts() {
    IntStream.range(1000, 6_000)
        .forEach(i -> compare(RandomTokenizers.json(SEED + i), SEED + i, 12));
  }

  private static void compare(String json, long seed, int texts) {
    Tokenizer tokenizer = Tokenizer.of("tokenizer.json", json.getBytes(StandardCharsets.UTF_8));
    try (LibraryTokenizer library = new LibraryTokenizer(json)) {
      for (int i = 0; i < texts; i++) {
        Random random = new Random(seed * 1000 + i);
        String text = RandomTexts.text(random, 24);
        String pair = random.nextInt(4) == 0 ? RandomTexts.text(random, 8) : null;
        compare(tokenizer, library, text, pair, random.nextBoolean(), json);
      }
    }
  }

  private static void compare(
      Tokenizer tokenizer,
      LibraryTokenizer library,
      String text,
      @Nullable String pair,
      boolean special,
      String json) {
    String what =
        RandomTexts.shown(text)
            + " | "
            + (pair == null ? "" : RandomTexts.shown(pair))
            + " in "
            + (json.length() < 5000 ? json : "a large tokenizer.json");
    List<Token> expected = library.encode(text, pair, special);
    Encoding encoding = tokenizer.encode(text, pair, special);
    assertThat(encoding.tokens()).as(what).isEqualTo(expected);
    if (pair == null && special) {
      assertThat(tokenizer.ids(text, Integer.MAX_VALUE)).as(what).isEqualTo(encoding.ids());
    }
    for (boolean shown : new boolean[] {true, false}) {
      assertThat(tokenizer.decode(encoding.ids(), shown))
          .as("decoded %s of %s", Arrays.toString(encoding.ids()), what)
          .isEqualTo(library.decode(encoding.ids(), shown));
    }
  }
}
