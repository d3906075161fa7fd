package dev.heed.bench.embed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** The same encoder and pooling on ONNX Runtime, in batches of texts of nearly one length. */
public final class OnnxRuntimeEmbedder implements AutoCloseable {
  private static final int MOST_TOKENS = 2048;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Opens the encoder for so many threads. */
  public OnnxRuntimeEmbedder(int threads) throws OrtException, IOException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        InputStream in =
            Objects.requireNonNull(
                OnnxRuntimeEmbedder.class.getResourceAsStream("/all-minilm-l6-v2.onnx"))) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = environment.createSession(in.readAllBytes(), options);
    }
  }

  /** A vector of length 1 for the tokens of each text. */
  public List<float[]> embed(List<long[]> texts) {
    int[] order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -texts.get(i).length))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] vectors = new float[texts.size()][];
    for (int start = 0; start < order.length; ) {
      int longest = texts.get(order[start]).length;
      int end = start + 1;
      while (end < order.length
          && longest * (end - start + 1) <= MOST_TOKENS
          && texts.get(order[end]).length >= 0.9 * longest) {
        end++;
      }
      List<long[]> batch = new ArrayList<>();
      for (int i = start; i < end; i++) {
        batch.add(texts.get(order[i]));
      }
      float[][] found = run(batch, longest);
      for (int i = start; i < end; i++) {
        vectors[order[i]] = found[i - start];
      }
      start = end;
    }
    return List.of(vectors);
  }

  private float[][] run(List<long[]> batch, int length) {
    long[] ids = new long[batch.size() * length];
    long[] mask = new long[ids.length];
    for (int row = 0; row < batch.size(); row++) {
      long[] text = batch.get(row);
      System.arraycopy(text, 0, ids, row * length, text.length);
      java.util.Arrays.fill(mask, row * length, row * length + text.length, 1);
    }
    long[] shape = {batch.size(), length};
    try (OnnxTensor tokens = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor seen = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", tokens, "attention_mask", seen, "token_type_ids", types))) {
      OnnxTensor states = (OnnxTensor) result.get(0);
      int size = (int) states.getInfo().getShape()[2];
      float[] values = new float[ids.length * size];
      states.getFloatBuffer().get(values);
      float[][] pooled = new float[batch.size()][];
      for (int row = 0; row < pooled.length; row++) {
        pooled[row] = mean(values, row * length * size, batch.get(row).length, size);
      }
      return pooled;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[] mean(float[] values, int from, int tokens, int size) {
    float[] mean = new float[size];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < size; i++) {
        mean[i] += values[from + token * size + i];
      }
    }
    double square = 0;
    for (float value : mean) {
      square += (double) value * value;
    }
    for (int i = 0; i < size; i++) {
      mean[i] /= (float) Math.sqrt(square);
    }
    return mean;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
