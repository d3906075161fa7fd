package dev.heed.generate;

import dev.heed.attention.ByteGroups;
import dev.heed.attention.DecodeState;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.Continuation;
import dev.heed.generate.search.JoinableDecoder;
import dev.heed.generate.search.Prompts;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelOutput;
import dev.heed.model.head.LanguageHead;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model that continues rows of sequences, with its {@link DecodeState}.
 *
 * <p>Filling at the left of a row is masked, and positions count from its first token. What an
 * encoder reads is read once. A model that carries no state is given the whole sequences each time;
 * one whose state cannot go back reads them again after {@link #truncate}.
 */
public final class ModelDecoder implements JoinableDecoder {
  private final Model model;
  private final boolean reads;

  /** What the encoder reads; gone once these rows were joined, which are not read again. */
  private @Nullable EncoderRows encoder;

  private final int vocabularySize;
  private Tokens[] rows;
  private int[] padding;
  private DecodeState state = new DecodeState();

  /** How keys and values are kept, or null for as they are. */
  private @Nullable ByteGroups bytes;

  /** Where a sequence alone is looked up, and remembered at the end; null for nowhere. */
  private @Nullable PromptCache cache;

  /** Whether that is told the prompt at once, since these rows may join others. */
  private boolean learns;

  /** How many tokens of each row the state holds. */
  private int known;

  /**
   * A decoder without tokens.
   *
   * @param model one that generates; the caller owns it
   * @param prompts what the rows will begin with; only their filling matters here
   * @param input what the encoder reads, a row each; not used by a decoder alone
   */
  public ModelDecoder(Model model, Prompts prompts, ModelInput input) {
    if (model.kind() == ModelKind.ENCODER) {
      throw new IllegalArgumentException(
          "generate: expected a model that writes, a decoder or an encoder-decoder, got an"
              + " encoder");
    }
    this.model = model;
    this.reads = model.kind() == ModelKind.ENCODER_DECODER;
    this.encoder = reads ? new EncoderRows(input, prompts.rows()) : null;
    this.rows = new Tokens[prompts.rows()];
    Arrays.fill(rows, Tokens.of());
    this.padding = prompts.padding();
    Tensor table = model.tokenTable();
    this.vocabularySize = table == null ? Integer.MAX_VALUE : (int) table.size(0);
  }

  /**
   * Keeps keys and values in bytes; what a cache knows is kept as it is, and not begun with.
   *
   * @param groups of bytes, or null for keys and values as they are
   */
  ModelDecoder keeping(@Nullable ByteGroups groups) {
    bytes = groups;
    if (groups != null) {
      cache = null;
      state = new DecodeState(groups);
    }
    return this;
  }

  /** Lets a decoder of one row begin with what a cache knows, which then learns its sequence. */
  ModelDecoder cached(@Nullable PromptCache known) {
    cache = !reads && rows.length == 1 && padding[0] == 0 ? known : null;
    return this;
  }

  /** As {@link #cached}; the cache learns the first tokens as soon as they are read. */
  ModelDecoder learning(@Nullable PromptCache known) {
    learns = true;
    return cached(known);
  }

  @Override
  public int rows() {
    return rows.length;
  }

  @Override
  public int length() {
    return rows[0].size();
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public Continuation feed(int[][] tokens, Wanted wanted) {
    if (cache != null && length() == 0 && wanted == Wanted.LAST_SCORES) {
      PromptCache.Entry begun = cache.find(Tokens.of(tokens[0]));
      if (begun != null) {
        state = begun.state();
        known = begun.tokens().size();
      }
    }
    for (int r = 0; r < rows.length; r++) {
      for (int token : tokens[r]) {
        rows[r] = rows[r].plus(token);
      }
    }
    try (TensorScope scope = TensorScope.open()) {
      ModelOutput output = model.apply(input(wanted));
      // a model that keeps no state is told all again
      known = state.length() == 0 ? 0 : length();
      requireKeys();
      if (learns && cache != null && known > 0) {
        cache.add(rows[0].first(known), state.copy());
        learns = false;
      }
      int last = tokens[0].length;
      double[][][] scores =
          OutputRows.split(output.logits(), wanted == Wanted.ALL_SCORES ? last : 1);
      return wanted == Wanted.LAST_SCORES_AND_STATES
          ? new Continuation(
              scores, OutputRows.floats(OutputRows.split(output.lastHiddenState(), last)))
          : new Continuation(scores);
    } catch (RuntimeException e) {
      cache = null; // a state that a call left halfway is not to be gone on from
      throw e;
    }
  }

  /** A model that keeps no keys and values has none that could be kept in bytes. */
  private void requireKeys() {
    if (bytes != null && state.allKeys().isEmpty()) {
      throw new IllegalArgumentException(
          "cache_implementation: expected, for keys and values in bytes, a model that keeps those"
              + " of each head, got one that keeps "
              + (state.length() == 0 ? "nothing" : "states of fixed size"));
    }
  }

  private ModelInput input(Wanted wanted) {
    int fresh = length() - known;
    long[] ids = new long[rows.length * fresh];
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < fresh; i++) {
        ids[r * fresh + i] = rows[r].get(known + i);
      }
    }
    Tensor tokens = Tensor.of(ids, rows.length, fresh);
    boolean padded = Arrays.stream(padding).anyMatch(count -> count > 0);
    ModelInput input = encoder == null ? ModelInput.of(Map.of()) : encoder.input(known == 0);
    input = input.with(reads ? "decoder_input_ids" : "input_ids", tokens);
    if (padded && !reads) {
      input =
          input
              .with("attention_mask", mask())
              .with("position_ids", positions(fresh))
              .offering("position_ids");
    } else if (padded) {
      input = input.with("decoder_attention_mask", mask());
      // filling that was given counts, as it does in the reference; that of a batch does not
      input = encoder == null ? input.with("decoder_position_ids", positions(fresh)) : input;
    }
    return input
        .with(LanguageHead.LAST_ONLY, wanted != Wanted.ALL_SCORES)
        .offering(LanguageHead.LAST_ONLY)
        .with(state);
  }

  /** Which of all tokens so far are none, i64 {@code [rows, length]}. */
  private Tensor mask() {
    int length = length();
    long[] mask = new long[rows.length * length];
    for (int r = 0; r < rows.length; r++) {
      Arrays.fill(mask, r * length + Math.min(padding[r], length), (r + 1) * length, 1);
    }
    return Tensor.of(mask, rows.length, length);
  }

  /** Counted from each row's first token; where there is filling, any. */
  private Tensor positions(int fresh) {
    long[] positions = new long[rows.length * fresh];
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < fresh; i++) {
        positions[r * fresh + i] = Math.max(0, known + i - padding[r]);
      }
    }
    return Tensor.of(positions, rows.length, fresh);
  }

  @Override
  public void select(int[] chosen) {
    if (Arrays.equals(chosen, IntStream.range(0, rows.length).toArray())) {
      return;
    }
    Tokens[] before = rows;
    int[] paddingBefore = padding;
    rows = Arrays.stream(chosen).mapToObj(r -> before[r]).toArray(Tokens[]::new);
    padding = Arrays.stream(chosen).map(r -> paddingBefore[r]).toArray();
    if (encoder != null) {
      encoder.select(chosen);
    }
    if (known > 0) {
      try (TensorScope scope = TensorScope.open()) {
        state.reorder(Tensor.of(chosen, chosen.length).to(DType.I64));
        if (reads && encoder == null) {
          model.shorten(state);
        }
      }
    }
    dropFilling();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for a decoder of another model
   * @throws IllegalStateException for rows beside an encoder that were not read yet
   */
  @Override
  public void join(JoinableDecoder joined) {
    if (!(joined instanceof ModelDecoder other) || other.model != model) {
      throw new IllegalArgumentException("join: expected two decoders of one model, got others");
    }
    boolean read = known > 0 && known == length() && other.known == other.length();
    if (reads && !read) {
      throw new IllegalStateException("join: expected rows that were read, got unread ones");
    }
    int longest = Math.max(length(), other.length());
    Tokens[] all = Arrays.copyOf(rows, rows.length + other.rows.length);
    int[] filling = Arrays.copyOf(padding, all.length);
    for (int r = 0; r < all.length; r++) {
      boolean own = r < rows.length;
      Tokens row = own ? rows[r] : other.rows[r - rows.length];
      int missing = longest - row.size();
      int[] shifted = new int[longest];
      System.arraycopy(row.toArray(), 0, shifted, missing, row.size());
      all[r] = Tokens.of(shifted);
      filling[r] = missing + (own ? padding[r] : other.padding[r - rows.length]);
    }
    rows = all;
    padding = filling;
    if (read) {
      try (TensorScope scope = TensorScope.open()) {
        model.join(state, other.state);
      }
      known = longest;
      closeEncoder();
      other.closeEncoder();
    } else {
      forget();
      other.close();
    }
    dropFilling();
  }

  /** Drops what is filling in every row, so that a batch that goes on for long stays short. */
  private void dropFilling() {
    int common = Arrays.stream(padding).min().orElse(0);
    if (common == 0 || known > 0 && known < common) {
      return;
    }
    for (int r = 0; r < rows.length; r++) {
      rows[r] = Tokens.of(rows[r].from(common));
      padding[r] -= common;
    }
    if (known > 0) {
      state.dropFirst(common);
      known -= common;
    }
  }

  private void forget() {
    state.close();
    state = new DecodeState(bytes);
    known = 0;
  }

  @Override
  public void truncate(int length) {
    if (length == length()) {
      return;
    }
    for (int r = 0; r < rows.length; r++) {
      rows[r] = rows[r].first(length);
    }
    if (known <= length) {
      return;
    }
    known = length;
    try {
      state.truncate(length);
    } catch (IllegalStateException e) {
      if (reads && encoder == null) {
        throw new UnsupportedOperationException(
            "truncate: expected rows that can be read again, got such as were joined", e);
      }
      // recurrent states and windows that have moved on cannot go back: all is read again
      forget();
    }
  }

  @Override
  public void close() {
    if (cache != null && rows.length == 1 && known > 0 && padding[0] == 0) {
      cache.add(rows[0].first(known), state);
      state = new DecodeState();
    }
    state.close();
    closeEncoder();
  }

  private void closeEncoder() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }
}
