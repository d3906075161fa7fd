package dev.heed.cli.embed;

import dev.heed.cli.ModelOption;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which encoder to use, and in which precision. */
final class EncoderOptions {
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

  Embedder open() {
    return Embedder.open(model.files(), precision.dtype);
  }
}
