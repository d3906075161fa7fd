package dev.heed.model.xlnet;

import dev.heed.attention.DecodeState;
import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.SegmentMemory;
import dev.heed.model.head.Head;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * XLNet under a head (Yang et al. 2019).
 *
 * <p>Takes {@code input_ids} i64 {@code [B, T]}; {@code perm_mask} {@code [B, T, T]}, where not
 * zero means that a query does not see a key; {@code target_mapping} {@code [B, P, T]}, the places
 * that are predicted; {@code attention_mask} or its opposite {@code input_mask}; {@code
 * token_type_ids}; {@code mems.i} {@code [M, B, H]} of an earlier call. Gives those of the next
 * one.
 *
 * <p>A place that sees no key at all reads nothing, where the authors' code reads the mean of all.
 *
 * <p>With a {@link DecodeState} it writes on: it predicts what stands after the last token, by a
 * place that no other sees. What it remembers then is what earlier calls computed, without the
 * tokens that came later; the last two places are read again (as in the authors' code).
 */
final class XlnetModel extends Model {
  /** Places that are read again: the last token and the one to predict. */
  private static final long PASSING = 2;

  private static final String LAST = "last_token";

  private final Weights weights;
  private final Parts parts;
  private final SegmentMemory memory;

  /**
   * The parts.
   *
   * @param config choices
   * @param words the token table
   * @param blank the query stream's first states, {@code [1, 1, H]}
   * @param layers in order
   * @param head what stands on the states
   * @param writes whether the head predicts words
   */
  record Parts(
      XlnetConfig config,
      Embedding words,
      Tensor blank,
      List<XlnetLayer> layers,
      Head head,
      boolean writes) {}

  XlnetModel(Weights weights, Parts parts) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
    this.memory = parts.config().memory();
  }

  @Override
  public ModelKind kind() {
    return parts.writes() ? ModelKind.DECODER : ModelKind.ENCODER;
  }

  /** A token always sees itself. */
  @Override
  public boolean definesPadding() {
    return true;
  }

  @Override
  public Tensor tokenTable() {
    return parts.words().weight();
  }

  /**
   * Refuses: its layers have two streams, which other mixers have not.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public XlnetModel withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException(
        "XLNet: expected its own attention, whose two streams share their keys, got another mixer");
  }

  @Override
  protected void run(Run run) {
    DecodeState state = run.state();
    Tensor ids = run.input().require("input_ids");
    if (state == null) {
      Tensor out = read(run, ids, XlnetView.given(run, ids), null);
      run.put("last_hidden_state", out);
      parts.head().apply(run, out, null);
      return;
    }
    // The last token once more, the new ones, and a place for the next.
    List<Tensor> seen = new ArrayList<>();
    Tensor before = state.get(LAST);
    if (before != null) {
      seen.add(before);
    }
    seen.add(ids);
    seen.add(Tensor.zeros(Shape.of(ids.size(0), 1), DType.I64));
    Tensor all = Tensor.cat(seen, 1);
    Tensor out = read(run, all, XlnetView.next(run, all, state.length()), state);
    state.replace(LAST, ids.narrow(1, ids.size(1) - 1, 1).copy());
    state.advance(ids.size(1));
    run.put("last_hidden_state", out);
    parts.head().apply(run, out, null);
  }

  /** {@code [B, P, H]} of the query stream, or {@code [B, T, H]} of the content stream alone. */
  private Tensor read(Run run, Tensor ids, XlnetView view, @Nullable DecodeState state) {
    Trace trace = run.trace();
    Dropout dropout = new Dropout(parts.config().dropout());
    long tokens = ids.size(1);
    Tensor content = dropout.apply(parts.words().apply(ids), trace);
    Tensor targets = view.targets();
    Tensor both = content;
    if (targets != null) {
      Tensor blank = parts.blank().expand(ids.size(0), targets.size(1), content.size(2));
      both = Tensor.cat(List.of(content, dropout.apply(blank, trace)), 1);
    }
    List<Tensor> known = memory.before(run, content.narrow(1, 0, 0));
    XlnetCall call = view.call(run, parts.config(), tokens, known.getFirst().size(1));
    List<Tensor> segment = new ArrayList<>();
    for (int i = 0; i < parts.layers().size(); i++) {
      record(run, both, tokens);
      segment.add(both.narrow(1, 0, tokens));
      both = layer(run, parts.layers().get(i), i, both, tokens, known.get(i), call);
    }
    record(run, both, tokens);
    if (state != null) {
      memory.keep(state, known, segment, PASSING);
    } else if (givesMemory(run)) {
      memory.give(run, known, segment);
    }
    long more = both.size(1) - tokens;
    Tensor own = more == 0 ? both : both.narrow(1, tokens, more);
    return dropout.apply(own, trace);
  }

  private static Tensor layer(
      Run run,
      XlnetLayer layer,
      int number,
      Tensor both,
      long tokens,
      Tensor known,
      XlnetCall call) {
    // Computed anew for gradients, a layer is not seen a second time.
    List<XlnetLayer.Result> seen = new ArrayList<>();
    Tensor states =
        GradientCheckpoint.block(
            layer,
            run.trace(),
            both,
            x -> {
              XlnetLayer.Result result = layer.apply(x, tokens, known, call);
              seen.add(result);
              return result.states();
            });
    Tensor content = seen.getFirst().content();
    Tensor query = seen.getFirst().query();
    if (content != null && query != null) {
      run.put("attentions." + number + ".0", content);
      run.put("attentions." + number + ".1", query);
    } else {
      run.weights("attentions", content);
    }
    return states;
  }

  private static void record(Run run, Tensor both, long tokens) {
    XlnetLayer.Streams streams = XlnetLayer.Streams.of(both, tokens);
    run.state("hidden_states", streams.content());
    if (streams.query() != null) {
      run.state("hidden_states", streams.query());
    }
  }

  private boolean givesMemory(Run run) {
    boolean trains = run.trace().dropoutGenerator() != null;
    XlnetConfig config = parts.config();
    return run.input().flag("use_mems", trains ? config.useMemsTrain() : config.useMemsEval());
  }
}
