package dev.heed.mixer.linear;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.mixer.linear.MemoryCompressedAttention.ScoreScale;
import dev.heed.mixer.linear.OrthogonalProjection.Basis;
import dev.heed.mixer.linear.SoftmaxFeatures.KeyStabiliser;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Linear Transformer, Performer, Linformer, memory-compressed attention. */
class LinearReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    List<ReferenceCase> cases = new ArrayList<>();
    add(cases, LinearReferenceTest::linear, "linear_transformer", "linear_transformer_causal");
    add(cases, LinearReferenceTest::linearLayer, "linear_transformer_layer");
    add(cases, LinearReferenceTest::softmax, "performer_softmax", "performer_softmax_causal");
    add(cases, LinearReferenceTest::relu, "performer_relu", "performer_relu_causal");
    add(
        cases,
        LinearReferenceTest::projection,
        "performer_projection",
        "performer_projection_regularized");
    add(
        cases,
        LinearReferenceTest::performerLayer,
        "performer_self_attention",
        "performer_self_attention_causal");
    add(cases, LinearReferenceTest::linformer, "linformer", "linformer_shared");
    add(
        cases,
        LinearReferenceTest::memoryCompressed,
        "memory_compressed",
        "memory_compressed_causal");
    return cases;
  }

  private static void add(
      List<ReferenceCase> cases, Function<Recording, Results> body, String... names) {
    for (String name : names) {
      cases.add(ReferenceCase.of(name, body));
    }
  }

  /** The recordings have time before heads. */
  private static Results linear(Recording ref) {
    LinearAttention attention =
        new LinearAttention(FeatureMap.eluPlusOne(), ref.flag("causal"), ref.number("eps"), 0);
    Tensor k = ref.input("k");
    Tensor there =
        Tensor.arange(k.size(1), DType.I64)
            .reshape(1, 1, -1, 1)
            .lt(ref.input("lengths").reshape(-1, 1, 1, 1));
    Tensor y =
        attention.apply(
            ref.input("q").transpose(1, 2),
            k.transpose(1, 2),
            ref.input("v").transpose(1, 2),
            there);
    return new Results().output("y", y.transpose(1, 2));
  }

  private static Results linearLayer(Recording ref) {
    LinearTransformerAttention layer =
        new LinearTransformerAttention(
            ref.weights(), ref.integer("dim"), ref.integer("heads"), false);
    return new Results().output("y", layer.apply(ref.input("x"), (Tensor) null));
  }

  private static Results softmax(Recording ref) {
    Tensor projection = ref.param("projection_matrix");
    return favor(ref, Performer.softmax(projection, ref.flag("causal"), KeyStabiliser.ALL_KEYS));
  }

  private static Results relu(Recording ref) {
    return favor(ref, Performer.relu(ref.param("projection_matrix"), ref.flag("causal")));
  }

  private static Results favor(Recording ref, LinearAttention attention) {
    Tensor q = ref.input("q");
    Tensor k = ref.input("k");
    return new Results()
        .output("y", attention.apply(q, k, ref.input("v"), null))
        .extra("q_features", attention.features().queries(q))
        .extra("k_features", attention.features().keys(k));
  }

  private static Results projection(Recording ref) {
    List<Tensor> blocks = new ArrayList<>();
    for (int block = 0; ref.hasInput("block_" + block); block++) {
      blocks.add(ref.input("block_" + block));
    }
    Tensor matrix =
        ref.integer("scaling") == 0
            ? OrthogonalProjection.gaussian(blocks, ref.input("norm_rows"), Basis.HOUSEHOLDER)
            : OrthogonalProjection.regularised(blocks, ref.integer("nb_rows"), Basis.HOUSEHOLDER);
    return new Results().output("matrix", matrix);
  }

  private static Results performerLayer(Recording ref) {
    PerformerSelfAttention layer =
        new PerformerSelfAttention(
            ref.weights(),
            new PerformerSelfAttention.Config(
                ref.integer("dim"),
                ref.integer("heads"),
                ref.integer("dim_head"),
                ref.integer("nb_features"),
                ref.flag("causal"),
                KeyStabiliser.ALL_KEYS));
    return new Results().output("y", layer.apply(ref.input("x")));
  }

  private static Results linformer(Recording ref) {
    Linformer layer =
        new Linformer(
            ref.weights(),
            new Linformer.Config(
                ref.integer("dim"),
                ref.integer("max_seq"),
                ref.integer("k"),
                ref.integer("heads"),
                ref.flag("one_kv_head"),
                ref.flag("share_kv")));
    Linformer.Mixed mixed = layer.apply(ref.input("x"));
    return new Results().output("y", mixed.output()).weights("attn", mixed.weights());
  }

  private static Results memoryCompressed(Recording ref) {
    MemoryCompressedAttention layer =
        new MemoryCompressedAttention(
            ref.weights(),
            new MemoryCompressedAttention.Config(
                ref.integer("dim"),
                ref.integer("heads"),
                ref.integer("compression_factor"),
                ref.flag("causal"),
                ScoreScale.FULL_SIZE));
    MemoryCompressedAttention.Mixed mixed = layer.apply(ref.input("x"));
    return new Results().output("y", mixed.output()).weights("attn", mixed.weights());
  }
}
