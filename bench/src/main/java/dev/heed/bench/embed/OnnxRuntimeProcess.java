package dev.heed.bench.embed;

import dev.heed.bench.PeerProcess;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link OnnxRuntimeEmbedder} in a process of its own: beside LibTorch's libraries ONNX Runtime may
 * end the process as it starts.
 */
public final class OnnxRuntimeProcess implements AutoCloseable {
  private final PeerProcess process;

  /**
   * Starts it with so many threads.
   *
   * @throws IOException if it cannot run here
   */
  public OnnxRuntimeProcess(int threads) throws IOException {
    process = PeerProcess.start(OnnxRuntimeProcess.class, threads + "");
  }

  /** A vector of length 1 for the tokens of each text. */
  public List<float[]> embed(List<long[]> texts) {
    try {
      write(process.to(), texts);
      List<float[]> vectors = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        float[] vector = new float[process.from().readInt()];
        for (int j = 0; j < vector.length; j++) {
          vector[j] = process.from().readFloat();
        }
        vectors.add(vector);
      }
      return vectors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream out, List<long[]> texts) throws IOException {
    out.writeInt(texts.size());
    for (long[] text : texts) {
      out.writeInt(text.length);
      for (long token : text) {
        out.writeLong(token);
      }
    }
    out.flush();
  }

  private static List<long[]> read(DataInputStream in) throws IOException {
    List<long[]> texts = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long[] text = new long[in.readInt()];
      for (int j = 0; j < text.length; j++) {
        text[j] = in.readLong();
      }
      texts.add(text);
    }
    return texts;
  }

  /** The other process. */
  public static void main(String[] arguments) throws Exception {
    try (OnnxRuntimeEmbedder embedder = new OnnxRuntimeEmbedder(Integer.parseInt(arguments[0]))) {
      PeerProcess.serve((question, answer) -> {
        for (float[] vector : embedder.embed(read(question))) {
          answer.writeInt(vector.length);
          for (float value : vector) {
            answer.writeFloat(value);
          }
        }
      });
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
