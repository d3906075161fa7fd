package dev.heed.model;

import dev.heed.attention.DecodeState;
import dev.heed.attention.MixerSwap;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model of any family: named tensors in, named tensors out.
 *
 * {@snippet :
 * try (Model model = Model.load(Path.of("gpt2")); TensorScope scope = TensorScope.open()) {
 *   ModelOutput output = model.apply(ModelInput.of("input_ids", ids));
 *   Tensor next = output.logits().select(1, -1).argmax(-1);
 * }
 * }
 */
public abstract class Model extends Module {
  private @Nullable RunChange change;

  /** A model at the root of its weights. */
  protected Model(Weights weights) {
    super(weights);
  }

  /**
   * Loads a model from a folder, in its stored type; its family follows from config.json.
   *
   * @return owned by the caller
   * @throws CheckpointException for missing or invalid files, and for a family, a config value or a
   *     tensor that Heed does not know
   */
  public static Model load(Path folder) {
    return ModelLoader.of(ModelFiles.folder(folder)).load();
  }

  /**
   * Loads a model from a folder, its weights converted to one type.
   *
   * @return owned by the caller
   * @throws CheckpointException as {@link #load(Path)}
   */
  public static Model load(Path folder, DType dtype) {
    return ModelLoader.of(ModelFiles.folder(folder)).as(dtype).load();
  }

  /** A model over the parameters of another one, which stays as it is. */
  protected Model(Model other) {
    super(other);
  }

  /** Computes what {@link #apply} gives, within a scope of its own. */
  protected abstract void run(Run run);

  /**
   * How attention reads, which decides what decoding and pictures make of it.
   *
   * @return what kind of model it is
   */
  public abstract ModelKind kind();

  /**
   * Whether what the model gives at padding follows from the model. It does not where a query there
   * may see no key at all: Heed then reads nothing, and others whatever their masks' numbers make.
   */
  public boolean definesPadding() {
    return kind() != ModelKind.DECODER;
  }

  /**
   * The same parameters computing as the reference does where it is known to be wrong: for
   * comparing with what it recorded, and for nothing else. Itself where nothing is known.
   */
  public Model asRecorded() {
    return this;
  }

  /**
   * Whether what it gives for one sequence depends on the others of its batch, as only a model
   * {@link #asRecorded} may.
   */
  public boolean couplesSequences() {
    return false;
  }

  /** Runs the model for its result alone. */
  public final ModelOutput apply(ModelInput input) {
    return apply(input, Trace.NONE, Wanted.RESULT);
  }

  /** Runs the model for its result alone, in a traced run. */
  public final ModelOutput apply(ModelInput input, Trace trace) {
    return apply(input, trace, Wanted.RESULT);
  }

  /**
   * Runs the model.
   *
   * @param input what this model has a meaning for
   * @param trace records and changes values on the way, and trains
   * @param wanted what the output holds besides the result
   * @return owned by the current scope
   * @throws IllegalArgumentException for an input that is missing or has no meaning here
   */
  public final ModelOutput apply(ModelInput input, Trace trace, Wanted wanted) {
    RunChange.Call call = new RunChange.Call(input, trace, wanted);
    return change == null ? computed(call) : change.apply(this, call, this::computed);
  }

  private ModelOutput computed(RunChange.Call call) {
    return TensorScope.run(() -> {
      try (Run run = new Run(call.input(), call.trace(), call.wanted())) {
        run(run);
        call.input().requireAllAsked();
        return run.output();
      }
    });
  }

  /**
   * Changes every run from now on, or none.
   *
   * @param other closed with the model; the one before is not
   */
  public final void changeRuns(@Nullable RunChange other) {
    change = other;
  }

  /** What changes every run, or null. */
  public final @Nullable RunChange runChange() {
    return change;
  }

  @Override
  protected void closing() {
    if (change != null) {
      change.close();
    }
  }

  /**
   * Takes the sequences of another state behind those of a state, as {@link DecodeState#join} does;
   * what encoders read for them may differ in length.
   *
   * @param other of this model too; closed
   */
  public void join(DecodeState state, DecodeState other) {
    state.join(other);
  }

  /** Frees what was read and no sequence of a state sees any more, since others have left it. */
  public void shorten(DecodeState state) {}

  /**
   * The same parameters with other mixers in the layers; this model stays as it is, and closing
   * either frees what both share. Runs are those of the model itself, {@link #changeRuns} apart.
   */
  public abstract Model withMixers(MixerSwap swap);

  /** The table of token vectors {@code [vocabulary, size]}, or null where a model has none. */
  public @Nullable Tensor tokenTable() {
    return null;
  }
}
