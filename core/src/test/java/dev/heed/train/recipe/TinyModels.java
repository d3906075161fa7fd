package dev.heed.train.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders of tiny models that start from nothing, with a tokenizer of twenty words. */
final class TinyModels {
  static final List<String> WORDS =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "the", "film", "was", "very",
          "a", "story", "Ada", "Paris", "lives", "in", "sees", "and", "book");

  private TinyModels() {}

  static Path bert(Path folder) throws IOException {
    return write(
        folder,
        """
        {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 24,
         "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 37,
         "max_position_embeddings": 19, "vocab_size": 20, "type_vocab_size": 2,
         "hidden_dropout_prob": 0.05, "attention_probs_dropout_prob": 0.05, "pad_token_id": 0}
        """);
  }

  static Path gpt2(Path folder) throws IOException {
    return write(
        folder,
        """
        {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_embd": 24, "n_layer": 2,
         "n_head": 3, "n_positions": 17, "vocab_size": 20, "resid_pdrop": 0.0, "embd_pdrop": 0.0,
         "attn_pdrop": 0.0}
        """);
  }

  static Path t5(Path folder) throws IOException {
    return write(
        folder,
        """
        {"architectures": ["T5ForConditionalGeneration"], "model_type": "t5", "d_model": 24,
         "d_ff": 37, "d_kv": 8, "num_heads": 3, "num_layers": 1, "vocab_size": 20,
         "dropout_rate": 0.0, "decoder_start_token_id": 0, "pad_token_id": 0}
        """);
  }

  private static Path write(Path folder, String config) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config);
    List<String> vocabulary = new ArrayList<>();
    List<String> special = new ArrayList<>();
    for (int i = 0; i < WORDS.size(); i++) {
      vocabulary.add("\"" + WORDS.get(i) + "\": " + i);
      if (WORDS.get(i).startsWith("[")) {
        special.add(
            "{\"id\": "
                + i
                + ", \"content\": \""
                + WORDS.get(i)
                + "\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false,"
                + " \"normalized\": false, \"special\": true}");
      }
    }
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s],
         "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
         "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
         "decoder": null,
         "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
        """
            .formatted(String.join(", ", special), String.join(", ", vocabulary)));
    return folder;
  }

  /** Films that are good or bad. */
  static Path reviews(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of("label\ttext"));
    for (String what : List.of("film", "story", "book")) {
      for (String how : List.of("", "very ", "very very ")) {
        lines.add("no\tthe " + what + " was " + how + "bad");
        lines.add("yes\tthe " + what + " was " + how + "good");
      }
    }
    return Files.write(file, lines);
  }

  /** The same without labels. */
  static Path sentences(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String what : List.of("film", "story", "book")) {
      for (String how : List.of("good", "bad")) {
        lines.add("the " + what + " was very very " + how);
        lines.add("Ada sees a " + what + " in Paris");
      }
    }
    return Files.write(file, lines);
  }

  static Path tagged(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String thing : List.of("film", "book", "story")) {
      lines.addAll(List.of("Ada\tB-PER", "lives\tO", "in\tO", "Paris\tB-LOC", ""));
      lines.addAll(
          List.of("Paris\tB-LOC", "and\tO", "a\tO", thing + "\tO", "and\tO", "Ada\tB-PER", ""));
    }
    return Files.write(file, lines);
  }

  /** A text and its last word. */
  static Path pairs(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of("source\ttarget"));
    for (String word : List.of("film", "story", "book", "Ada", "Paris")) {
      lines.add("the very good " + word + "\t" + word);
      lines.add("a " + word + "\t" + word);
    }
    return Files.write(file, lines);
  }
}
