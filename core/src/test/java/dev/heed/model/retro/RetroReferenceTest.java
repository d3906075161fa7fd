package dev.heed.model.retro;

import dev.heed.attention.AttentionOutput;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.nn.Trace;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The recordings rotate the first query of a chunk only; see {@link ChunkedCrossAttention}. */
class RetroReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("retro_chunked_cross_attention", RetroReferenceTest::crossAttention),
        ReferenceCase.of("retro_decoder", RetroReferenceTest::decoder));
  }

  private static Results crossAttention(Recording ref) {
    int size = ref.integer("dim");
    ChunkedCrossAttention attention =
        new ChunkedCrossAttention(
            ref.weights(),
            new RetroAttention.Size(
                size, size, ref.integer("heads"), ref.integer("dim_head"), false, true),
            ref.integer("chunk_size"),
            true);
    Tensor frequencies =
        RotaryAngles.frequencies(Shape.of(ref.integer("rotary_dim") / 2), ref.dtype());
    AttentionOutput read =
        attention.apply(
            ref.input("x"),
            ref.input("context"),
            ref.input("context_mask"),
            frequencies,
            Trace.NONE);
    return new Results().output("y", read.output()).weights("attn", read.requireWeights());
  }

  private static Results decoder(Recording ref) {
    Set<Integer> crossLayers = new HashSet<>();
    ref.json("cross_layers").forEach(layer -> crossLayers.add(layer.asInt()));
    Retro retro =
        new Retro(
            ref.weights(),
            new RetroConfig(
                ref.integer("vocab"),
                ref.integer("enc_dim"),
                ref.integer("dec_dim"),
                ref.integer("enc_depth"),
                ref.integer("dec_depth"),
                crossLayers,
                ref.integer("heads"),
                ref.integer("dim_head"),
                ref.integer("rotary_dim"),
                ref.integer("chunk_size"),
                ref.integer("max_seq"),
                ref.integer("pad_id"),
                true));
    return new Results().output("logits", retro.apply(ref.input("seq"), ref.input("retrieved")));
  }
}
