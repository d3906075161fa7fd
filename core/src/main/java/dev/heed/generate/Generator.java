package dev.heed.generate;

import dev.heed.attention.ByteGroups;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.Guidance;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.AssistedSearch;
import dev.heed.generate.search.Decoder;
import dev.heed.generate.search.Drafter;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.GuidedDecoder;
import dev.heed.generate.search.LookupDrafter;
import dev.heed.generate.search.ModelDrafter;
import dev.heed.generate.search.Prompts;
import dev.heed.generate.search.Search;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one door to generation: any model that writes, by any search that a config asks for.
 *
 * {@snippet :
 * try (Model model = Model.load(folder);
 *     Search search =
 *         new Generator(model)
 *             .start(ModelInput.of("input_ids", ids), SearchSettings.of(config))) {
 *   List<List<Generated>> results = search.finish();
 * }
 * }
 *
 * <p>Inputs have the names of Hugging Face's {@code generate}: {@code input_ids} and {@code
 * attention_mask}, with filling at the left, for a decoder; for an encoder-decoder whatever its
 * encoder reads, and {@code decoder_input_ids} where its decoder shall begin with more than its
 * start token. Under {@code guidance_scale} a decoder may have {@code negative_prompt_ids}, without
 * which the last token of each prompt stands alone.
 *
 * @param model one that generates; the caller owns it
 * @param assistant a smaller model of the same vocabulary that guesses ahead, or null
 * @param cache where what prompts begin with alike is found, or null
 */
public record Generator(Model model, @Nullable Model assistant, @Nullable PromptCache cache) {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String NEGATIVE = "negative_prompt_ids";
  private static final String NEGATIVE_MASK = "negative_prompt_attention_mask";
  private static final String DECODER_IDS = "decoder_input_ids";
  private static final String DECODER_MASK = "decoder_attention_mask";

  /** A generator without an assistant and a cache. */
  public Generator(Model model) {
    this(model, null, null);
  }

  /** A generator without a cache. */
  public Generator(Model model, @Nullable Model assistant) {
    this(model, assistant, null);
  }

  /**
   * Begins.
   *
   * @param input what the model reads, a row for each sequence; only read by this call
   * @param settings config, rules, stops, seed
   * @return owned by the caller
   * @throws IllegalArgumentException for inputs, options or a kind of model that exclude each other
   * @throws CheckpointException if a config lacks what the model needs
   */
  public Search start(ModelInput input, SearchSettings settings) {
    return start(input, settings, UnaryOperator.identity());
  }

  /**
   * Begins with another decoder around the model's.
   *
   * @param around closes what it is given when it is closed
   * @see #start(ModelInput, SearchSettings)
   */
  public Search start(ModelInput input, SearchSettings settings, UnaryOperator<Decoder> around) {
    boolean reads = model.kind() == ModelKind.ENCODER_DECODER;
    Prompts prompts = prompts(input, settings.config(), reads);
    SearchSettings full =
        reads ? settings.withEncoderInputs(encoderTokens(input, settings)) : settings;
    Search search = search(input, prompts, full, around);
    Double seconds = settings.config().lengths().maxTime();
    return seconds == null ? search : new TimedSearch(search, seconds);
  }

  /** Takes all steps of {@link #start}. */
  public List<List<Generated>> generate(ModelInput input, SearchSettings settings) {
    try (Search search = start(input, settings)) {
      return search.finish();
    }
  }

  private Search search(
      ModelInput input, Prompts prompts, SearchSettings settings, UnaryOperator<Decoder> around) {
    GenerationConfig config = settings.config();
    ByteGroups bytes = config.cache().bytes();
    Decoder decoder =
        around.apply(new ModelDecoder(model, prompts, input).cached(cache).keeping(bytes));
    if (config.rules().guidanceScale() != 1) {
      decoder = guided(decoder, input, prompts, config);
    }
    Integer lookup = config.draft().promptLookupNumTokens();
    if (assistant == null && lookup == null) {
      return Search.start(decoder, prompts, settings);
    }
    try {
      return new AssistedSearch(decoder, drafter(input, prompts, settings), prompts, settings);
    } catch (RuntimeException e) {
      decoder.close();
      throw e;
    }
  }

  private Drafter drafter(ModelInput input, Prompts prompts, SearchSettings settings) {
    GenerationConfig config = settings.config();
    if (assistant == null) {
      return new LookupDrafter(config.draft().maxMatchingNgramSize());
    }
    return new ModelDrafter(
        new ModelDecoder(assistant, prompts, input),
        settings.rules(),
        config.sampling().doSample(),
        config.draft().assistantConfidenceThreshold());
  }

  private Decoder guided(
      Decoder decoder, ModelInput input, Prompts prompts, GenerationConfig config) {
    if (model.kind() != ModelKind.DECODER) {
      decoder.close();
      throw new IllegalArgumentException(
          "guidance_scale: expected a decoder, got an encoder-decoder");
    }
    Prompts negative =
        input.has(NEGATIVE)
            ? rows(input.require(NEGATIVE), input.get(NEGATIVE_MASK))
            : new Prompts(
                Arrays.stream(prompts.tokens())
                    .map(row -> new int[] {row[row.length - 1]})
                    .toArray(int[][]::new),
                new int[prompts.rows()]);
    ModelDecoder beside = new ModelDecoder(model, negative, input).keeping(config.cache().bytes());
    return new GuidedDecoder(
        decoder, beside, negative, new Guidance(config.rules().guidanceScale()));
  }

  private static Prompts prompts(ModelInput input, GenerationConfig config, boolean reads) {
    if (!reads) {
      return rows(input.require(IDS), input.get(MASK));
    }
    if (input.has(DECODER_IDS)) {
      return rows(input.require(DECODER_IDS), input.get(DECODER_MASK));
    }
    if (input.tensors().isEmpty()) {
      throw new IllegalArgumentException("generate: expected what the encoder reads, got nothing");
    }
    int batch = Math.toIntExact(input.tensors().values().iterator().next().size(0));
    int[][] starts = new int[batch][];
    Arrays.fill(starts, new int[] {config.tokens().decoderStart()});
    return new Prompts(starts, new int[batch]);
  }

  /** Rows of ids i64 {@code [B, T]}; the mask may have zeros at the left only. */
  private static Prompts rows(Tensor ids, @Nullable Tensor mask) {
    return TensorScope.run(() -> {
      int time = Math.toIntExact(ids.size(1));
      int[][] rows = new int[Math.toIntExact(ids.size(0))][time];
      int[] padding = new int[rows.length];
      long[] tokens = ids.to(DType.I64).contiguous().toLongArray();
      long[] kept = mask == null ? null : mask.to(DType.I64).contiguous().toLongArray();
      for (int r = 0; r < rows.length; r++) {
        boolean begun = false;
        for (int i = 0; i < time; i++) {
          rows[r][i] = Math.toIntExact(tokens[r * time + i]);
          boolean token = kept == null || kept[r * time + i] != 0;
          begun |= token;
          if (begun && !token) {
            throw new IllegalArgumentException(
                MASK + ": expected filling at the left only, got some at " + i + " of row " + r);
          }
          padding[r] += token ? 0 : 1;
        }
      }
      return new Prompts(rows, padding);
    });
  }

  /** What the encoder reads, where that is tokens. */
  private static List<Tokens> encoderTokens(ModelInput input, SearchSettings settings) {
    if (!input.has(IDS)) {
      return List.of();
    }
    return TensorScope.run(() -> {
      Tensor ids = input.require(IDS);
      Tensor mask = settings.paddingCounts() ? null : input.get(MASK);
      List<Tokens> all = new ArrayList<>();
      long[] kept = mask == null ? null : mask.to(DType.I64).contiguous().toLongArray();
      long[] tokens = ids.contiguous().toLongArray();
      int time = Math.toIntExact(ids.size(1));
      for (int start = 0; start < tokens.length; start += time) {
        Tokens row = Tokens.of();
        for (int i = start; i < start + time; i++) {
          row = kept == null || kept[i] != 0 ? row.plus(Math.toIntExact(tokens[i])) : row;
        }
        all.add(row);
      }
      return all;
    });
  }
}
