package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.Hostile;
import dev.heed.golden.GoldenFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of which one file is damaged: each is read or refused with a message, in time. */
@Tag("unit")
class HostileFamilyTest {
  private static final int MUTATIONS = 150;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "bert-lower-keep-accents, vocab.txt",
    "bert-lower-keep-accents, tokenizer_config.json",
    "gpt2-bos, vocab.json",
    "gpt2-bos, merges.txt",
    "clip, tokenizer_config.json",
    "llama-nonlegacy, tokenizer.model",
    "llama-nonlegacy, tokenizer_config.json",
    "xlnet, spiece.model",
    "t5-nonlegacy, tokenizer_config.json",
    "marian, source.spm",
    "marian, vocab.json",
  })
  void damaged_files_are_read_or_refused(String recording, String damaged) {
    Path source = GoldenFolder.area("tokenizers").resolve(recording);
    byte[] valid = read(source.resolve(damaged));
    GoldenFolder.list(source).stream()
        .filter(Files::isRegularFile)
        .forEach(file -> write(file.getFileName().toString(), read(file)));
    assertThat(encode(valid, damaged)).isPositive();
    int refused = Hostile.fuzz(valid, 20_261_129, MUTATIONS, bytes -> encode(bytes, damaged));
    assertThat(refused).isPositive();
  }

  private int encode(byte[] bytes, String damaged) {
    write(damaged, bytes);
    try {
      Tokenizer tokenizer = Tokenizer.open(folder);
      Encoding encoding = tokenizer.encode("Ac d. 12,345 \u4e2d\ud83d\ude00 the end\t", "x");
      return encoding.size() + tokenizer.decode(encoding.ids(), true).length();
    } catch (TextException e) {
      return -1; // The vocabulary cannot express the text, and says so.
    }
  }

  private void write(String name, byte[] bytes) {
    try {
      Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
