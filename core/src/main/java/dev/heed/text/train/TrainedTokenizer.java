package dev.heed.text.train;

import dev.heed.checkpoint.WholeFile;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer that was learned.
 *
 * @param training how
 * @param tokens in the order of their numbers
 * @param merges pairs of tokens in the order in which they merge; none for others than byte pairs
 * @param scores of each token the logarithm of its probability, for Unigram
 */
public record TrainedTokenizer(
    TokenizerTraining training,
    List<String> tokens,
    List<List<String>> merges,
    List<Double> scores) {
  private static final String SPACE = "\u2581";
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Copies the lists. */
  public TrainedTokenizer {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
    scores = List.copyOf(scores);
  }

  /** What {@code tokenizer.json} says, which the tokenizers library reads too. */
  public ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    List<String> special = training.special();
    for (int id = 0; id < special.size(); id++) {
      ObjectNode token = added.addObject().put("id", id).put("content", special.get(id));
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false).put("special", true);
    }
    switch (training.kind()) {
      case BYTE_PAIRS -> bytePairs(json);
      case WORD_PIECES -> wordPieces(json);
      case UNIGRAM -> unigram(json);
    }
    return json;
  }

  private void bytePairs(ObjectNode json) {
    json.putNull("normalizer");
    ObjectNode splitter = json.putObject("pre_tokenizer").put("type", "ByteLevel");
    splitter.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
    json.putNull("post_processor");
    ObjectNode decoder = json.putObject("decoder").put("type", "ByteLevel");
    decoder.put("add_prefix_space", true).put("trim_offsets", true).put("use_regex", true);
    ObjectNode model = json.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token").putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix").put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", false);
    putVocabulary(model);
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(pair -> pair.forEach(pairs.addArray()::add));
  }

  private void wordPieces(ObjectNode json) {
    boolean small = training.lowercase();
    ObjectNode normalizer = json.putObject("normalizer").put("type", "BertNormalizer");
    normalizer.put("clean_text", true).put("handle_chinese_chars", true);
    normalizer.put("strip_accents", small).put("lowercase", small);
    json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    ObjectNode around = json.putObject("post_processor").put("type", "BertProcessing");
    for (String token : List.of("[SEP]", "[CLS]")) {
      String key = token.substring(1, 4).toLowerCase(java.util.Locale.ROOT);
      around.putArray(key).add(token).add(tokens.indexOf(token));
    }
    ObjectNode decoder = json.putObject("decoder").put("type", "WordPiece");
    decoder.put("prefix", "##").put("cleanup", true);
    ObjectNode model = json.putObject("model").put("type", "WordPiece");
    model.put("unk_token", "[UNK]").put("continuing_subword_prefix", "##");
    model.put("max_input_chars_per_word", 100);
    putVocabulary(model);
  }

  private void putVocabulary(ObjectNode model) {
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
  }

  private void unigram(ObjectNode json) {
    json.putObject("normalizer").put("type", "Prepend").put("prepend", SPACE);
    ObjectNode splitter = json.putObject("pre_tokenizer").put("type", "Metaspace");
    splitter.put("replacement", SPACE).put("prepend_scheme", "never").put("split", true);
    ObjectNode around = json.putObject("post_processor").put("type", "TemplateProcessing");
    template(around.putArray("single"), "A");
    template(around.putArray("pair"), "A", "B");
    ObjectNode end = around.putObject("special_tokens").putObject("</s>").put("id", "</s>");
    end.putArray("ids").add(tokens.indexOf("</s>"));
    end.putArray("tokens").add("</s>");
    ArrayNode steps = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
    ObjectNode spaces = steps.addObject().put("type", "Replace");
    spaces.putObject("pattern").put("String", SPACE);
    spaces.put("content", " ");
    steps.addObject().put("type", "ByteFallback");
    steps.addObject().put("type", "Fuse");
    steps.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    ObjectNode model = json.putObject("model").put("type", "Unigram");
    model.put("unk_id", tokens.indexOf("<unk>")).put("byte_fallback", true);
    ArrayNode vocabulary = model.putArray("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.addArray().add(tokens.get(id)).add(Objects.requireNonNull(scores.get(id)));
    }
  }

  private static void template(ArrayNode parts, String... texts) {
    for (String text : texts) {
      parts.addObject().putObject("Sequence").put("id", text).put("type_id", 0);
      parts.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
    }
  }

  /** What {@code tokenizer_config.json} says of the special tokens' roles. */
  public ObjectNode configuration() {
    ObjectNode json = JSON.createObjectNode();
    switch (training.kind()) {
      case BYTE_PAIRS -> json.put("bos_token", "<|endoftext|>").put("eos_token", "<|endoftext|>");
      case WORD_PIECES -> {
        json.put("pad_token", "[PAD]").put("unk_token", "[UNK]").put("cls_token", "[CLS]");
        json.put("sep_token", "[SEP]").put("mask_token", "[MASK]");
      }
      case UNIGRAM ->
          json.put("pad_token", "<pad>").put("eos_token", "</s>").put("unk_token", "<unk>");
    }
    return json.put("tokenizer_class", "PreTrainedTokenizerFast");
  }

  /** The tokenizer itself. */
  public Tokenizer tokenizer() {
    return Tokenizer.of("the learned tokenizer", JSON.writeValueAsBytes(json()));
  }

  /**
   * Writes {@code tokenizer.json} and {@code tokenizer_config.json}.
   *
   * @param folder made if it is not there
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var pretty = JSON.writerWithDefaultPrettyPrinter();
    WholeFile.write(folder.resolve("tokenizer.json"), pretty.writeValueAsBytes(json()));
    WholeFile.write(
        folder.resolve("tokenizer_config.json"), pretty.writeValueAsBytes(configuration()));
  }
}
