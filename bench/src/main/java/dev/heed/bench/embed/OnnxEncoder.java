package dev.heed.bench.embed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** all-MiniLM-L6-v2 in ONNX Runtime: mean pooling and length 1, as langchain4j does it. */
final class OnnxEncoder implements AutoCloseable {
  private static final String RESOURCE = "/all-minilm-l6-v2.onnx";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OnnxEncoder(int threads) {
    try (InputStream in = OnnxEncoder.class.getResourceAsStream(RESOURCE);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE + " on the class path");
      }
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = environment.createSession(in.readAllBytes(), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The vectors of one batch of texts of any length, padded to the longest. */
  float[][] embed(List<long[]> batch) {
    int length = batch.stream().mapToInt(ids -> ids.length).max().orElse(0);
    long[][] ids = new long[batch.size()][length];
    long[][] mask = new long[batch.size()][length];
    for (int row = 0; row < batch.size(); row++) {
      long[] text = batch.get(row);
      System.arraycopy(text, 0, ids[row], 0, text.length);
      Arrays.fill(mask[row], 0, text.length, 1);
    }
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      inputs.put("input_ids", OnnxTensor.createTensor(environment, ids));
      inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
      inputs.put(
          "token_type_ids", OnnxTensor.createTensor(environment, new long[batch.size()][length]));
      inputs.keySet().retainAll(session.getInputNames());
      try (OrtSession.Result result = session.run(inputs)) {
        return pooled((float[][][]) result.get(0).getValue(), batch);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static float[][] pooled(float[][][] states, List<long[]> batch) {
    float[][] vectors = new float[states.length][];
    for (int row = 0; row < states.length; row++) {
      float[] mean = new float[states[row][0].length];
      for (int t = 0; t < batch.get(row).length; t++) {
        for (int i = 0; i < mean.length; i++) {
          mean[i] += states[row][t][i];
        }
      }
      double squares = 0;
      for (float value : mean) {
        squares += (double) value * value;
      }
      float norm = (float) Math.sqrt(squares);
      for (int i = 0; i < mean.length; i++) {
        mean[i] /= norm;
      }
      vectors[row] = mean;
    }
    return vectors;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
