package dev.heed.generate.constrain;

import dev.heed.generate.logits.Prefix;
import dev.heed.generate.logits.Scores;
import dev.heed.generate.logits.Tokens;
import dev.heed.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A model that knows nothing: random scores for a token of each byte and for some longer ones. */
final class RandomWriter {
  private static final int END = 2;
  private static final List<String> PIECES =
      List.of(
          "\"",
          "\":",
          "\": ",
          "{\"",
          "\"}",
          ", ",
          "},",
          "[",
          "]",
          "[[",
          "]]",
          "true",
          "false",
          "null",
          "12",
          "0.5",
          "-",
          "e1",
          "\\\"",
          "\\u00",
          "ab",
          "abc",
          "b",
          "aa",
          " ",
          "\n",
          "é",
          "你",
          "(1",
          "+",
          "1)",
          "name",
          "\"name\"",
          "x\"y");

  private final Tokenizer tokenizer;

  RandomWriter(Path folder) {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "\n<s>\n", "\n</s>\n"));
    for (int b = 0; b < 256; b++) {
      pieces.add(String.format(Locale.ROOT, "<0x%02X>", b));
    }
    pieces.addAll(PIECES);
    ByteBuffer file = ByteBuffer.allocate(20_000).order(ByteOrder.LITTLE_ENDIAN).putInt(16);
    for (int id = 0; id < pieces.size(); id++) {
      byte[] piece = pieces.get(id).getBytes(StandardCharsets.UTF_8);
      file.putFloat(id < 259 ? 0 : 259 - id).putInt(piece.length).put(piece);
    }
    byte[] bytes = new byte[file.position()];
    file.flip().get(bytes);
    try {
      Files.write(folder.resolve("tok300.bin"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    tokenizer = Tokenizer.open(folder);
  }

  Constraint constraint(Grammar grammar) {
    return Constraint.of(grammar, tokenizer, List.of(END));
  }

  /** A text of at most so many tokens. */
  String write(Constraint constraint, long seed, int limit) {
    Random random = new Random(seed * 7919 + 13);
    random.nextLong();
    Tokens tokens = Tokens.of(1, 7);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (tokens.size() < limit + 2 && (tokens.size() == 2 || !constraint.ends(tokens, 2))) {
      double[] scores = random.doubles(tokenizer.vocabularySize(), -1, 1).toArray();
      scores[END] += random.nextInt(4) == 0 ? 2 : 0;
      constraint.process(new Prefix(tokens, 2, limit + 2, 0), scores);
      int token = Scores.best(scores);
      if (scores[token] == Scores.REMOVED) {
        throw new AssertionError("nothing may follow " + text.toString(StandardCharsets.UTF_8));
      }
      if (token == END) {
        break;
      }
      tokens = tokens.plus(token);
      text.writeBytes(tokenizer.bytes(token));
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
