package dev.heed.text.source;

import dev.heed.checkpoint.Llama2cVocabulary;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokenizer of a llama2.c model: LLaMA's, whose merges follow from the scores of its pieces.
 *
 * <p>Two neighbours merge if together they are a piece, the pair of the best score first, which is
 * what a {@code tokenizer.json} of that vocabulary says in so many words.
 *
 * <p>Source: llama2.c, {@code run.c} ({@code encode}, {@code decode}).
 */
public final class Llama2cTokenizer {
  private static final String SPACE = "▁";
  private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");

  private Llama2cTokenizer() {}

  /** A pair that merges. */
  private record Merge(String left, String right, float score, int id) {}

  /**
   * Reads a vocabulary.
   *
   * @throws dev.heed.checkpoint.CheckpointException for an invalid file
   */
  public static Tokenizer read(Path file) {
    Llama2cVocabulary vocabulary = Llama2cVocabulary.read(file);
    byte[] json = json(vocabulary).toString().getBytes(StandardCharsets.UTF_8);
    return TokenizerJson.read(file.toString(), json).tokenizer(TokenizerSettings.NONE);
  }

  private static ObjectNode json(Llama2cVocabulary vocabulary) {
    List<String> pieces = new ArrayList<>();
    for (int id = 0; id < vocabulary.pieces().size(); id++) {
      pieces.add(
          id < SPECIAL.size() ? SPECIAL.get(id) : vocabulary.pieces().get(id).replace(" ", SPACE));
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("version", "1.0");
    json.putNull("truncation");
    json.putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    for (int id = 0; id < SPECIAL.size(); id++) {
      ObjectNode token = added.addObject().put("id", id).put("content", SPECIAL.get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
    }
    ArrayNode normalizers =
        json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
    replace(normalizers.addObject(), " ", SPACE);
    json.putNull("pre_tokenizer");
    beginning(json.putObject("post_processor"));
    ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
    replace(decoders.addObject(), SPACE, " ");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    model(json.putObject("model"), pieces, vocabulary.scores());
    return json;
  }

  private static void replace(ObjectNode rule, String pattern, String content) {
    rule.put("type", "Replace").putObject("pattern").put("String", pattern);
    rule.put("content", content);
  }

  /** Every text begins with the token that says so. */
  private static void beginning(ObjectNode processor) {
    processor.put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    single.addObject().putObject("SpecialToken").put("id", "<s>").put("type_id", 0);
    single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    ArrayNode pair = processor.putArray("pair");
    pair.addAll(single);
    pair.addObject().putObject("SpecialToken").put("id", "<s>").put("type_id", 1);
    pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
    ObjectNode token = processor.putObject("special_tokens").putObject("<s>").put("id", "<s>");
    token.putArray("ids").add(1);
    token.putArray("tokens").add("<s>");
  }

  private static void model(ObjectNode model, List<String> pieces, List<Float> scores) {
    model.put("type", "BPE");
    model.putNull("dropout");
    model.put("unk_token", "<unk>");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    ObjectNode ids = model.putObject("vocab");
    Map<String, Integer> known = new HashMap<>();
    for (int id = 0; id < pieces.size(); id++) {
      if (known.putIfAbsent(pieces.get(id), id) == null) {
        ids.put(pieces.get(id), id);
      }
    }
    List<Merge> merges = new ArrayList<>();
    known.forEach((piece, id) -> {
      int step = 1;
      for (int cut = 0; cut + step < piece.length(); cut += step) {
        step = Character.charCount(piece.codePointAt(cut));
        String left = piece.substring(0, cut + step);
        String right = piece.substring(cut + step);
        if (known.containsKey(left) && known.containsKey(right)) {
          merges.add(new Merge(left, right, scores.get(id), id));
        }
      }
    });
    merges.sort(
        Comparator.comparing(Merge::score)
            .reversed()
            .thenComparing(Merge::id)
            .thenComparing(Merge::left));
    ArrayNode written = model.putArray("merges");
    merges.forEach(merge -> written.addArray().add(merge.left()).add(merge.right()));
  }
}
