package dev.heed.explain.sound;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundProcessor;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.model.SoundInput;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A pretrained model that hears, to read from the attention of its encoder over the moments of a
 * sound: wav2vec 2.0 and its descendants, Whisper, Speech2Text, Moonshine.
 */
public final class SoundCapture implements AutoCloseable {
  /** So many weights of all layers and heads together are held: 256 MB. */
  private static final double MOST_WEIGHTS = 1L << 26;

  /** States of a second in every family but those with fewer. */
  private static final double STATES_A_SECOND = 50;

  /** Models whose states are places of a spectrogram, not moments. */
  private static final Set<String> OF_PLACES = Set.of("audio-spectrogram-transformer");

  private final Model model;
  private final SoundProcessor processor;
  private final SoundInput input;
  private final double longest;
  private final double window;

  private SoundCapture(Model model, SoundProcessor processor, ModelFiles files) {
    this.model = model;
    this.processor = processor;
    this.input = SoundInput.of(files);
    this.window = SoundInput.window(files);
    this.longest = window > 0 ? window : longest(files.json());
  }

  /**
   * Loads a model without its head.
   *
   * @return owned by the caller
   * @throws CheckpointException for files that are missing or invalid, and for models whose states
   *     are not moments of a sound
   */
  public static SoundCapture open(ModelFiles files) {
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    String type = config.json().path("model_type").asString("");
    if (OF_PLACES.contains(type)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          config.where(),
          "a model whose states are moments of a sound",
          type,
          "Choose another model.");
    }
    SoundProcessor processor = SoundInput.processor(files);
    Model model = ModelLoader.of(files).bare().load();
    return new SoundCapture(model, processor, files);
  }

  private static double longest(JsonNode config) {
    double heads =
        Math.max(1, config.path("num_hidden_layers").asInt(12))
            * (double) Math.max(1, config.path("num_attention_heads").asInt(12));
    return Math.sqrt(MOST_WEIGHTS / heads) / STATES_A_SECOND;
  }

  /** How many seconds of a sound are heard. */
  public double longest() {
    return longest;
  }

  /**
   * Hears the beginning of a sound.
   *
   * @param most most moments that states are put together to
   * @return every layer's and head's weights over the moments, each named by its beginning in
   *     seconds; of the states of a moment, rows are averaged and columns summed
   * @throws IllegalArgumentException if the model does not hear, or has no attention
   */
  public AttentionMap read(Sound sound, int most) {
    float[] all = sound.mixedAt(processor.rate());
    int kept = (int) Math.min(all.length, longest * processor.rate());
    Sound heard = Sound.mono(processor.rate(), Arrays.copyOf(all, kept));
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(this::shown)) {
      ModelInput given = input.of(processor.process(List.of(heard)), SoundInput.type(model));
      boolean writes = model.kind() == ModelKind.ENCODER_DECODER;
      model.apply(
          writes ? given.with("decoder_input_ids", Tensor.of(new long[] {0}, 1, 1)) : given, trace);
      return map(trace, window > 0 ? window : (double) kept / processor.rate(), most);
    }
  }

  private boolean shown(String point) {
    return AttentionMap.needs(point)
        && (model.kind() != ModelKind.ENCODER_DECODER || ("." + point).contains(".encoder."));
  }

  private AttentionMap map(Trace trace, double seconds, int most) {
    List<float[][][]> layers = new ArrayList<>();
    int states = 0;
    for (Map.Entry<String, Tensor> point : trace.values().entrySet()) {
      Tensor pattern = point.getValue();
      states = (int) pattern.size(3);
      layers.add(pooled(pattern, Math.min(most, states)));
    }
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("expected layers with attention, got none");
    }
    int moments = Math.min(most, states);
    List<Unit> units =
        IntStream.range(0, moments)
            .mapToObj(m ->
                new Unit(
                    String.format(Locale.ROOT, "%.2f", m * seconds / moments),
                    false,
                    false,
                    m,
                    m,
                    m))
            .toList();
    return new AttentionMap(units, layers.toArray(float[][][][]::new));
  }

  /** {@code [1, H, T, T]} to {@code [H][moments][moments]}. */
  private static float[][][] pooled(Tensor pattern, int moments) {
    int heads = (int) pattern.size(1);
    int states = (int) pattern.size(2);
    float[] all = pattern.to(DType.F32).contiguous().toFloatArray();
    float[][][] weights = new float[heads][moments][moments];
    int[] counts = new int[moments];
    for (int state = 0; state < states; state++) {
      counts[(int) ((long) state * moments / states)]++;
    }
    int at = 0;
    for (float[][] head : weights) {
      for (int query = 0; query < states; query++) {
        int row = (int) ((long) query * moments / states);
        for (int key = 0; key < states; key++) {
          head[row][(int) ((long) key * moments / states)] += all[at++] / counts[row];
        }
      }
    }
    return weights;
  }

  @Override
  public void close() {
    model.close();
  }
}
