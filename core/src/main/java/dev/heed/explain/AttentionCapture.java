package dev.heed.explain;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.model.ModelFiles;
import dev.heed.model.bert.BertInput;
import dev.heed.model.bert.BertModel;
import dev.heed.nn.Trace;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** A pretrained encoder with its tokenizer, to read the attention over texts from. */
public final class AttentionCapture implements AutoCloseable {
  private final BertModel model;
  private final Tokenizer tokenizer;

  private AttentionCapture(BertModel model, Tokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads an encoder; tokenizer and weights are read at the same time.
   *
   * @return owned by the caller
   * @throws CheckpointException for files that are missing or invalid, or another family's
   */
  public static AttentionCapture open(ModelFiles files) {
    LibTorch.loadBeside();
    Objects.requireNonNull(files, "files: expected a model's files, got null; see ModelFiles");
    ModelFiles.Family family = files.config(ModelFiles.Family.UNKNOWN);
    if (!family.modelType().equals("bert")) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          files.describe(),
          "a config.json with model_type bert",
          family.modelType().isEmpty() ? "none" : family.modelType(),
          "Choose a BERT checkpoint.");
    }
    Supplier<Tokenizer> tokenizer = files.tokenizerBeside();
    BertModel model = BertModel.load(files);
    try {
      return new AttentionCapture(model, tokenizer.get());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** How many tokens of a text the encoder can read, special ones included. */
  public int longest() {
    return model.config().maxPositionEmbeddings();
  }

  /** The text, or as many of its first words as the encoder can read. */
  public String beginning(String text) {
    Encoding whole = tokenizer.encode(text);
    if (whole.size() <= longest()) {
      return text;
    }
    List<Token> kept =
        whole.truncatedTo(longest()).tokens().stream().filter(t -> !t.special()).toList();
    List<Token> all = whole.tokens().stream().filter(t -> !t.special()).toList();
    if (kept.isEmpty()) {
      return "";
    }
    int size = kept.size();
    // A word is not cut in two, unless it is the only one.
    while (size > 1 && all.get(size).word() == all.get(size - 1).word()) {
      size--;
    }
    return text.substring(0, all.get(size > 1 ? size - 1 : kept.size() - 1).end());
  }

  /**
   * Runs the encoder over one text.
   *
   * @return every layer's and head's weights over the text's tokens
   * @throws dev.heed.tensor.ShapeException if the text is longer than the encoder can read
   */
  public AttentionMap read(String text) {
    Encoding encoding = tokenizer.encode(text);
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(AttentionMap::needs)) {
      model.apply(BertInput.of(encoding), trace);
      return AttentionMap.of(encoding, trace);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
