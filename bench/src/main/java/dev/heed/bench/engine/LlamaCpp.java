package dev.heed.bench.engine;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import dev.heed.bench.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** llama.cpp by its Java binding {@code de.kherud:llama}, in a process of its own. */
final class LlamaCpp implements AutoCloseable {
  private static final String LETTERS = "q";

  private final PeerProcess process;
  private final int promptTokens;

  /**
   * Opens a model.
   *
   * @throws IOException if it cannot run here, or cannot load the model
   */
  LlamaCpp(Path model, int threads, int prompt) throws IOException {
    process = PeerProcess.start(LlamaCpp.class, model.toString(), threads + "", prompt + "");
    promptTokens = process.from().readInt();
  }

  /** Tokens of its prompt. */
  int promptTokens() {
    return promptTokens;
  }

  /**
   * Reads the prompt and writes tokens.
   *
   * @return seconds in its process
   */
  double run(int tokens) {
    try {
      process.to().writeInt(tokens);
      process.to().flush();
      return process.from().readDouble();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The other process. */
  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    String prompt = LETTERS.repeat(Integer.parseInt(arguments[2]));
    ModelParameters parameters =
        new ModelParameters()
            .setModel(arguments[0])
            .setGpuLayers(0)
            .setThreads(threads)
            .setThreadsBatch(threads)
            .setCtxSize(512);
    try (LlamaModel model = new LlamaModel(parameters)) {
      int count = model.encode(prompt).length;
      boolean[] told = {false};
      PeerProcess.serve((question, answer) -> {
        if (!told[0]) {
          told[0] = true;
          answer.writeInt(count);
          return;
        }
        int tokens = question.readInt();
        long start = System.nanoTime();
        InferenceParameters wanted =
            new InferenceParameters(prompt)
                .setNPredict(tokens)
                .setTemperature(0)
                .setIgnoreEos(true)
                .setCachePrompt(false);
        for (LlamaOutput output : model.generate(wanted)) {
          java.util.Objects.requireNonNull(output);
        }
        answer.writeDouble((System.nanoTime() - start) / 1e9);
      });
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
