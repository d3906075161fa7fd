package dev.heed.text.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class Llama2cTokenizerTest {
  @TempDir Path folder;

  /** Three special pieces, a piece for each byte, then these, each scored worse than the last. */
  private Tokenizer tokenizer(String... more) throws IOException {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "\n<s>\n", "\n</s>\n"));
    for (int b = 0; b < 256; b++) {
      pieces.add(String.format(Locale.ROOT, "<0x%02X>", b));
    }
    pieces.addAll(List.of(more));
    ByteBuffer file = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN).putInt(16);
    for (int id = 0; id < pieces.size(); id++) {
      byte[] piece = pieces.get(id).getBytes(StandardCharsets.UTF_8);
      file.putFloat(id < 259 ? 0 : 259 - id).putInt(piece.length).put(piece);
    }
    byte[] bytes = new byte[file.position()];
    file.flip().get(bytes);
    Files.write(folder.resolve("tok300.bin"), bytes);
    return Tokenizer.open(folder);
  }

  @Test
  void the_best_scored_neighbours_merge_first() throws IOException {
    Tokenizer tokenizer = tokenizer("bc", "ab", " a", "abc", " ", "a", "b", "c");
    assertThat(tokenizer.encode("abc").ids()).containsExactly(1, 261, 259);
    assertThat(tokenizer.encode("xab").ids()).containsExactly(1, 263, 3 + 'x', 260);
  }

  @Test
  void what_is_no_piece_is_its_bytes_and_comes_back() throws IOException {
    Tokenizer tokenizer = tokenizer(" ", "a");
    long[] ids = tokenizer.encode("a é").ids();
    assertThat(ids).containsExactly(1, 259, 260, 259, 3 + 0xC3, 3 + 0xA9);
    assertThat(tokenizer.decode(ids, false)).isEqualTo("a é");
  }
}
