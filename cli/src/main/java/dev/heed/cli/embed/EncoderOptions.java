package dev.heed.cli.embed;

import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A checkpoint folder (default: the all-MiniLM-L6-v2 that Heed carries).")
  private @Nullable Path model;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "Precision: f32, or bf16 for speed (default: f32).")
  private Precision precision = Precision.F32;

  Embedder open() {
    ModelFiles files = model == null ? ModelFiles.embedded() : ModelFiles.folder(model);
    return Embedder.open(files, precision.dtype);
  }
}
