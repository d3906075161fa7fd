package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SmallFile;
import dev.heed.checkpoint.StrictJson;
import dev.heed.text.source.JsonPart;
import dev.heed.text.subword.MergeTable;
import dev.heed.text.subword.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads {@code vocab.txt}, {@code vocab.json} and {@code merges.txt}. */
final class VocabularyFiles {
  private static final long MAX_BYTES = 64L << 20;

  private VocabularyFiles() {}

  /** One token a line, by its number: line ends are those of text files. */
  static Vocabulary lines(Path file) {
    List<String> lines = new ArrayList<>(text(file).lines().toList());
    return Vocabulary.of(lines.toArray(new String[0]));
  }

  /** An object of tokens and numbers. */
  static Vocabulary json(Path file) {
    String where = file.toString();
    JsonNode tree = StrictJson.parse(where, SmallFile.read(file, MAX_BYTES));
    if (!tree.isObject()) {
      throw JsonPart.error(
          Kind.MALFORMED, where, "an object of tokens and numbers", tree.getNodeType().toString());
    }
    Map<String, Integer> ids = HashMap.newHashMap(tree.size());
    tree.properties().forEach(e -> ids.put(e.getKey(), JsonPart.id(where, e.getValue())));
    return Vocabulary.of(ids);
  }

  /**
   * Merges, one a line, the first to merge first.
   *
   * <p>The first line is a header.
   *
   * @param vocabulary has the parts and what they merge to
   * @param most how many lines count
   * @param last whether what stands behind the last line feed counts
   */
  static MergeTable merges(Path file, Vocabulary vocabulary, int most, boolean last) {
    String text = text(file).replace("\r\n", "\n");
    String[] lines = (last ? text.strip() + "\n" : text).split("\n", -1);
    MergeTable merges = new MergeTable(lines.length);
    for (int i = 1; i < lines.length - 1 && i <= most; i++) {
      String[] pair = lines[i].split(" ", -1);
      int left = pair.length == 2 ? vocabulary.id(pair[0]) : -1;
      int right = pair.length == 2 ? vocabulary.id(pair[1]) : -1;
      int result = pair.length == 2 ? vocabulary.id(pair[0] + pair[1]) : -1;
      if (left < 0 || right < 0 || result < 0) {
        throw JsonPart.error(
            Kind.MALFORMED,
            file + ", line " + (i + 1),
            "two tokens of the vocabulary that merge to one of it",
            Quoted.of(lines[i]));
      }
      merges.put(left, right, i, result);
    }
    return merges;
  }

  private static String text(Path file) {
    byte[] bytes = SmallFile.read(file, MAX_BYTES);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw JsonPart.error(Kind.MALFORMED, file.toString(), "UTF-8", "other bytes");
    }
  }
}
