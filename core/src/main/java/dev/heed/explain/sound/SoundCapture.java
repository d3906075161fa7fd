package dev.heed.explain.sound;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundProcessor;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.ForcedText;
import dev.heed.explain.UnitGroup;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.model.Places;
import dev.heed.model.SoundInput;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
  private final ModelFiles files;
  private final double longest;
  private final double window;

  private SoundCapture(Model model, SoundProcessor processor, ModelFiles files) {
    this.model = model;
    this.processor = processor;
    this.input = SoundInput.of(files);
    this.files = files;
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

  /** Whether it writes what it hears, reading by cross-attention. */
  public boolean writes() {
    return model.kind() == ModelKind.ENCODER_DECODER;
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
    try (TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(this::shown)) {
      ModelInput given = heard(sound);
      boolean writes = model.kind() == ModelKind.ENCODER_DECODER;
      model.apply(
          writes ? given.with("decoder_input_ids", Tensor.of(new long[] {0}, 1, 1)) : given, trace);
      List<Tensor> layers = List.copyOf(trace.values().values());
      if (layers.isEmpty()) {
        throw new IllegalArgumentException("expected layers with attention, got none");
      }
      List<UnitGroup> moments = moments(layers.getFirst(), seconds(sound), most);
      return new AttentionMap(UnitGroup.units(moments), weights(layers, moments, moments));
    }
  }

  /**
   * Hears the beginning of a sound while the model is made to write a text.
   *
   * @param target what it is made to write
   * @param most most moments that states are put together to
   * @return every layer's and head's weights from the tokens of the target to the moments
   * @throws IllegalArgumentException if the model does not hear and write, and for an empty or too
   *     long target
   */
  public AttentionMap readAcross(Sound sound, String target, int most) {
    ForcedText forced =
        ForcedText.of(
            target,
            files.tokenizer(),
            files.json(),
            Places.longestWritten(new ModelConfig(files.describe(), files.json())));
    try (TensorScope scope = TensorScope.inference()) {
      List<Tensor> layers = forced.attention(model, heard(sound));
      List<UnitGroup> moments = moments(layers.getFirst(), seconds(sound), most);
      return AttentionMap.across(
          forced.units(),
          UnitGroup.units(moments),
          weights(layers, UnitGroup.each(forced.units()), moments));
    }
  }

  private ModelInput heard(Sound sound) {
    float[] all = sound.mixedAt(processor.rate());
    Sound heard = Sound.mono(processor.rate(), Arrays.copyOf(all, kept(all.length)));
    return input.of(processor.process(List.of(heard)), SoundInput.type(model));
  }

  private int kept(int samples) {
    return (int) Math.min(samples, longest * processor.rate());
  }

  /** How long it is that states are of. */
  private double seconds(Sound sound) {
    int samples = sound.mixedAt(processor.rate()).length;
    return window > 0 ? window : (double) kept(samples) / processor.rate();
  }

  private boolean shown(String point) {
    return AttentionMap.needs(point)
        && (model.kind() != ModelKind.ENCODER_DECODER || ("." + point).contains(".encoder."));
  }

  /** The states that each moment is of. */
  private static List<UnitGroup> moments(Tensor pattern, double seconds, int most) {
    int states = Math.toIntExact(pattern.size(3));
    int moments = Math.min(most, states);
    List<List<Integer>> members = new ArrayList<>();
    for (int state = 0; state < states; state++) {
      if ((long) state * moments / states == members.size()) {
        members.add(new ArrayList<>());
      }
      members.getLast().add(state);
    }
    return IntStream.range(0, moments)
        .mapToObj(m ->
            new UnitGroup(
                Unit.place(String.format(Locale.ROOT, "%.2f", m * seconds / moments), m),
                members.get(m)))
        .toList();
  }

  /** {@code [1, H, queries, keys]} of every layer to {@code [layer][head][row][column]}. */
  private static float[][][][] weights(
      List<Tensor> layers, List<UnitGroup> rows, List<UnitGroup> columns) {
    return layers.stream()
        .map(layer ->
            Arrays.stream(AttentionMap.heads(layer))
                .map(head -> UnitGroup.merge(head, rows, columns))
                .toArray(float[][][]::new))
        .toArray(float[][][][]::new);
  }

  @Override
  public void close() {
    model.close();
  }
}
