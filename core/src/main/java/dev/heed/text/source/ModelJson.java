package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.subword.BytePairEncoding;
import dev.heed.text.subword.MergeTable;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Unigram;
import dev.heed.text.subword.Vocabulary;
import dev.heed.text.subword.WordLevel;
import dev.heed.text.subword.WordPiece;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads the {@code model} of a tokenizer.json. */
final class ModelJson {
  private ModelJson() {}

  static TokenizerModel read(JsonPart part) {
    String type = part.string("type", guess(part));
    TokenizerModel model =
        switch (type) {
          case "WordPiece" ->
              new WordPiece(
                  vocabulary(part),
                  part.string("unk_token", "[UNK]"),
                  part.string("continuing_subword_prefix", "##"),
                  part.count("max_input_chars_per_word", 100));
          case "WordLevel" -> new WordLevel(vocabulary(part), part.string("unk_token", "<unk>"));
          case "BPE" -> bytePairs(part);
          case "Unigram" -> unigram(part);
          default ->
              throw JsonPart.error(
                  Kind.UNSUPPORTED,
                  part.where(),
                  "type WordPiece, WordLevel, BPE or Unigram",
                  Quoted.of(type));
        };
    part.done();
    return model;
  }

  // Files of early versions carry no type: the library guesses it by the fields, and so do we.
  private static String guess(JsonPart part) {
    if (part.has("merges")) {
      return "BPE";
    }
    return part.node("vocab").isArray() ? "Unigram" : "WordPiece";
  }

  private static Vocabulary vocabulary(JsonPart part) {
    JsonNode vocab = part.node("vocab");
    if (!vocab.isObject()) {
      throw part.wrong(Kind.MALFORMED, "vocab", "an object", vocab);
    }
    Map<String, Integer> ids = HashMap.newHashMap(vocab.size());
    String at = part.where() + ", vocab";
    vocab.properties().forEach(e -> ids.put(e.getKey(), JsonPart.id(at, e.getValue())));
    return Vocabulary.of(ids);
  }

  private static TokenizerModel bytePairs(JsonPart part) {
    JsonNode dropout = part.node("dropout");
    if (!dropout.isMissingNode() && !dropout.isNull() && dropout.asDouble(1) != 0) {
      throw part.wrong(
          Kind.UNSUPPORTED, "dropout", "null, since merging at random is for training", dropout);
    }
    Vocabulary vocabulary = vocabulary(part);
    String prefix = part.string("continuing_subword_prefix", "");
    MergeTable merges = merges(part, vocabulary, prefix);
    return new BytePairEncoding(
        vocabulary,
        merges,
        new BytePairEncoding.Options(
            part.stringOrNull("unk_token"),
            prefix,
            part.string("end_of_word_suffix", ""),
            part.flag("fuse_unk", false),
            part.flag("byte_fallback", false),
            part.flag("ignore_merges", false)));
  }

  private static MergeTable merges(JsonPart part, Vocabulary vocabulary, String prefix) {
    JsonNode list = part.list("merges");
    MergeTable merges = new MergeTable(list.size());
    int rank = 0;
    for (JsonNode merge : list) {
      boolean header = merge.isString() && merge.stringValue().startsWith("#version");
      if (header) {
        continue;
      }
      String[] pair = pair(merge);
      if (pair.length != 2 || !pair[1].startsWith(prefix) || pair[1].isEmpty()) {
        throw JsonPart.error(
            Kind.MALFORMED,
            part.where() + ", merges",
            "pairs of tokens, the second beginning with " + Quoted.of(prefix),
            Quoted.of(merge.toString()));
      }
      int left = vocabulary.id(pair[0]);
      int right = vocabulary.id(pair[1]);
      int result = vocabulary.id(pair[0] + pair[1].substring(prefix.length()));
      if (left < 0 || right < 0 || result < 0) {
        throw JsonPart.error(
            Kind.MALFORMED,
            part.where() + ", merges",
            "tokens of the vocabulary that merge to one of it",
            Quoted.of(merge.toString()));
      }
      merges.put(left, right, rank++, result);
    }
    return merges;
  }

  private static String[] pair(JsonNode merge) {
    if (merge.isString()) {
      return merge.stringValue().split(" ", -1);
    }
    boolean two = merge.isArray() && merge.size() == 2;
    return two && merge.get(0).isString() && merge.get(1).isString()
        ? new String[] {merge.get(0).stringValue(), merge.get(1).stringValue()}
        : new String[0];
  }

  private static TokenizerModel unigram(JsonPart part) {
    JsonNode vocab = part.list("vocab");
    String[] pieces = new String[vocab.size()];
    double[] scores = new double[vocab.size()];
    int next = 0;
    for (JsonNode piece : vocab) {
      boolean valid =
          piece.isArray()
              && piece.size() == 2
              && piece.get(0).isString()
              && piece.get(1).isNumber();
      if (!valid || !Double.isFinite(piece.get(1).doubleValue())) {
        throw JsonPart.error(
            Kind.MALFORMED,
            part.where() + ", vocab",
            "pairs of token and score",
            Quoted.of(piece.toString()));
      }
      pieces[next] = piece.get(0).stringValue();
      scores[next++] = piece.get(1).doubleValue();
    }
    int unknown = part.has("unk_id") ? part.count("unk_id", 0) : -1;
    part.ignore("unk_id");
    if (unknown >= pieces.length) {
      throw JsonPart.error(Kind.VALUE, part.where(), "unk_id below " + pieces.length, unknown + "");
    }
    return new Unigram(Vocabulary.of(pieces), scores, unknown, part.flag("byte_fallback", false));
  }
}
