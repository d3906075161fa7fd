package dev.heed.cli.embed;

import dev.heed.cli.ModelOption;
import dev.heed.cli.UsageException;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which encoder to use, and in which precision. */
public final class EncoderOptions {
  /** The precisions an encoder runs in. */
  enum Precision {
    F32(DType.F32),
    BF16(DType.BF16);

    private final DType dtype;

    Precision(DType dtype) {
      this.dtype = dtype;
    }
  }

  @Mixin private ModelOption model = new ModelOption();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "Precision: f32, or bf16 for speed (default: f32).")
  private Precision precision = Precision.F32;

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      description = "A prompt that the model's folder names, in front of every text.")
  private @Nullable String prompt;

  /**
   * Opens the encoder.
   *
   * @return owned by the caller
   * @throws UsageException for a prompt that the model's folder does not name
   */
  public Embedder open() {
    Embedder embedder = Embedder.open(model.files(), precision.dtype);
    if (prompt == null) {
      return embedder;
    }
    try {
      return embedder.withPrompt(prompt);
    } catch (IllegalArgumentException e) {
      embedder.close();
      throw new UsageException("--prompt: " + e.getMessage());
    }
  }
}
