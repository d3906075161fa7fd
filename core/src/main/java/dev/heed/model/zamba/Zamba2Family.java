package dev.heed.model.zamba;

import dev.heed.attention.HeadChange;
import dev.heed.attention.position.PairLayout;
import dev.heed.mixer.statespace.DecayingMemory;
import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.Mamba2Choices;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.StepLimit;
import dev.heed.model.block.Block;
import dev.heed.model.block.Branch;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Zamba2 checkpoints. */
public final class Zamba2Family extends DecoderFamily {
  private static final Dropout NONE = new Dropout(0);

  /** The first layers with a shared block where the config does not say which have one. */
  private static final Set<Integer> USUAL = Set.of(6, 12, 18, 24, 30, 36, 42, 47, 51);

  private static final int USUAL_CHUNK = 256;

  /** The family. */
  public Zamba2Family() {
    super("zamba2", "Zamba2");
  }

  /** What every layer is made of. */
  private record Parts(
      Zamba2Config config,
      List<HeadChange> changes,
      Mamba2Config sizes,
      Mamba2Choices choices,
      Mamba2Block.Scan scan) {
    Parts with(Mamba2Block.Scan other) {
      return new Parts(config, changes, sizes, choices, other);
    }
  }

  @Override
  public Set<String> ignoredKeys() {
    // How many tokens are scanned or scored at once; what steps start from; which program scans;
    // what other keys and the tensors say too.
    return Set.of(
        "chunk_size",
        "kv_channels",
        "num_logits_to_keep",
        "num_query_groups",
        "time_step_floor",
        "time_step_max",
        "use_mamba_kernels",
        "use_mem_eff_path",
        "use_shared_mlp_adapter");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Zamba2Config config = DecoderSizes.read(keys, Zamba2Config.class);
    Parts parts = parts(keys, config);
    List<Integer> shared = shared(keys, config);
    Embedding words = config.words(weights, keys);
    int chunk = keys.integer("chunk_size", USUAL_CHUNK);
    return body(weights, words, parts, shared)
        .recordedAs(() -> body(weights, words, parts.with(new RecordedScan(chunk)), shared));
  }

  private static DecoderBody body(
      Weights weights, Embedding words, Parts parts, List<Integer> shared) {
    Zamba2Config config = parts.config();
    int layers = config.numHiddenLayers();
    return DecoderBody.of(
            words,
            IntStream.range(0, layers)
                .mapToObj(i ->
                    shared.contains(i)
                        ? hybrid(weights, parts, shared, i)
                        : layer(weights.child("layers", i), parts))
                .toList(),
            norm(weights.child("final_layernorm"), config),
            config.tieWordEmbeddings())
        .accompanied((ids, embedded) ->
            embedded
                .unsqueeze(2)
                .expand(embedded.size(0), embedded.size(1), layers, embedded.size(2)));
  }

  private static Parts parts(ModelConfig keys, Zamba2Config config) {
    StepLimit limit = StepLimit.of(keys);
    if (limit.shortest() > config.timeStepMin() || limit.longest() != Double.POSITIVE_INFINITY) {
      throw keys.unsupported(
          "time_step_limit", "none beyond time_step_min", keys.json().get("time_step_limit"));
    }
    RotaryConfig rotary = RotaryConfig.of(keys, 10_000, config.maxPositionEmbeddings());
    List<HeadChange> changes =
        config.useMemRope()
            ? List.of(
                HeadChange.rotary(
                    rotary.positions(PairLayout.HALF_SPLIT, config.heads().headSize())))
            : List.of();
    return new Parts(config, changes, config.sizes(keys), config.choices(), DecayingMemory::apply);
  }

  /** The layers that use a shared block, from 0. */
  private static List<Integer> shared(ModelConfig keys, Zamba2Config config) {
    List<Boolean> uses =
        LayerType.attending(
            keys,
            "layers_block_type",
            config.numHiddenLayers(),
            "hybrid",
            "mamba",
            USUAL::contains);
    List<Integer> shared = IntStream.range(0, uses.size()).filter(uses::get).boxed().toList();
    keys.known("hybrid_layer_ids");
    JsonNode given = keys.json().path("hybrid_layer_ids");
    List<Integer> named = new ArrayList<>();
    given.forEach(id -> named.add(id.asInt(-1)));
    if (given.isArray() && !named.equals(shared)) {
      throw keys.unsupported("hybrid_layer_ids", shared + ", as layers_block_type says", given);
    }
    return shared;
  }

  private static TransformerLayer layer(Weights weights, Parts parts) {
    return new TransformerLayer(
        weights,
        Residual.pre(
            norm(weights.child("input_layernorm"), parts.config()), mamba(weights, parts), NONE));
  }

  private static LayerBody mamba(Weights weights, Parts parts) {
    return LayerBody.stateful(
        new Mamba2Block(weights.child("mamba"), parts.sizes(), parts.choices(), parts.scan()));
  }

  /** {@code x + mamba(norm(x + W shared(x)))}. */
  private static TransformerLayer hybrid(
      Weights weights, Parts parts, List<Integer> shared, int number) {
    Zamba2Config config = parts.config();
    Weights path = weights.child("layers", number);
    int use = shared.indexOf(number);
    // A block is stored where it is used first.
    Weights block =
        weights
            .child("layers", shared.get(use % config.numMemBlocks()))
            .child("shared_transformer");
    Block[] reads =
        new SharedBlock(
                block.tracedAs(path.name("shared_transformer")), config, use, parts.changes())
            .parts();
    Linear map = Linear.of(path.child("linear"), config.hiddenSize(), config.hiddenSize(), false);
    LayerBody shares =
        LayerBody.chain(
            Stream.concat(
                    Stream.of(reads),
                    Stream.of(Branch.of(LayerBody.each((x, trace) -> map.apply(x)))))
                .toArray(Block[]::new));
    Weights inner = path.child("mamba_decoder");
    LayerBody whole =
        LayerBody.chain(
            Residual.parallel(Branch.of(shares)),
            Branch.of(norm(inner.child("input_layernorm"), config), mamba(inner, parts)));
    return new TransformerLayer(path, Residual.parallel(Branch.of(whole)));
  }

  private static RmsNorm norm(Weights weights, Zamba2Config config) {
    return new RmsNorm(weights, config.hiddenSize(), config.rmsNormEps());
  }
}
