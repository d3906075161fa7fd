package dev.heed.model.blip;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.MixerSwap;
import dev.heed.model.Masks;
import dev.heed.model.Memory;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.RememberedMemory;
import dev.heed.model.Run;
import dev.heed.model.head.LanguageHead;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a caption of an image, or the answer to a question about one: a decoder that attends to
 * what was read. Gives {@code logits [B, T, vocabulary]}, {@code loss}, and {@code image_embeds}
 * and {@code last_hidden_state}, the image's states.
 *
 * <p>With a {@link DecodeState} the image is read at the first call only.
 */
final class BlipWriter extends Model {
  private static final long IGNORED = -100;

  private final Plan plan;
  private final BlipText decoder;
  private final LanguageHead head;
  private final BlipTextConfig config;

  /**
   * What is written from.
   *
   * @param read gives the image's values and what the decoder attends to
   * @param kind whether the tokens written go on from the input's own
   * @param prefix of the names of the decoder's inputs
   */
  record Plan(Function<Run, Memory> read, ModelKind kind, String prefix) {}

  BlipWriter(
      Weights weights, Plan plan, BlipText decoder, LanguageHead head, BlipTextConfig config) {
    super(weights);
    this.plan = plan;
    this.decoder = decoder;
    this.head = head;
    this.config = config;
  }

  @Override
  public ModelKind kind() {
    return plan.kind();
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return decoder.table();
  }

  @Override
  public Model withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException(
        "mixers: expected a model of one kind of input, got one of images and texts");
  }

  @Override
  public void join(DecodeState state, DecodeState other) {
    RememberedMemory.join(state, other);
  }

  @Override
  public void shorten(DecodeState state) {
    RememberedMemory.shorten(state);
  }

  @Override
  protected void run(Run run) {
    ModelInput input = run.input();
    Memory memory = RememberedMemory.of(run.state(), () -> plan.read().apply(run));
    Tensor labels = input.get("labels");
    Tensor ids = ids(input, labels, memory.states().size(0));
    long time = ids.size(1);
    long past = input.past();
    Tensor keep = input.truth(plan.prefix() + "attention_mask");
    Tensor given = input.get(plan.prefix() + "position_ids");
    Tensor places = given == null ? Tensor.arange(time, DType.I64).add(past) : given;
    AttentionRequest self = run.request(Masks.decoding(0, keep, past, time));
    Tensor hidden = decoder.apply(run, ids, places, self, memory);
    if (run.state() != null) {
      run.state().advance(time);
    }
    boolean last = input.flag(LanguageHead.LAST_ONLY, false);
    Tensor logits = head.logits(last ? hidden.narrow(1, time - 1, 1) : hidden);
    run.put("logits", logits);
    if (!last && run.state() == null && time > 1) {
      // Without labels the text is its own, as in the reference.
      Tensor own =
          Tensor.where(ids.eq(config.padTokenId()), Tensor.scalar(IGNORED, DType.I64), ids);
      run.put("loss", loss(logits, labels == null ? own : labels));
    }
  }

  private Tensor ids(ModelInput input, @Nullable Tensor labels, long rows) {
    Tensor given = input.get(plan.prefix() + "input_ids");
    if (given != null) {
      return given;
    }
    if (plan.kind() == ModelKind.ENCODER_DECODER && labels != null) {
      return labels;
    }
    return Tensor.full(Shape.of(rows, 1), config.bosTokenId(), DType.I64);
  }

  private Tensor loss(Tensor logits, Tensor labels) {
    long time = logits.size(1) - 1;
    return Loss.crossEntropy(
        logits.narrow(1, 0, time).flatten(0, 1),
        labels.narrow(1, 1, time).flatten(0, 1),
        IGNORED,
        config.labelSmoothing());
  }
}
