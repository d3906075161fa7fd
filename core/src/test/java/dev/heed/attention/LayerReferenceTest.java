package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.NormPlacement;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;

class LayerReferenceTest extends MechanismReference {
  private static final Dropout NO_DROPOUT = new Dropout(0);

  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("encoder_layer_postnorm", LayerReferenceTest::encoderLayer),
        ReferenceCase.of("encoder_layer_prenorm", LayerReferenceTest::encoderLayer),
        ReferenceCase.of("decoder_layer_postnorm", LayerReferenceTest::decoderLayer),
        ReferenceCase.of("decoder_layer_prenorm", LayerReferenceTest::decoderLayer),
        ReferenceCase.of("transformer_encoder_decoder", LayerReferenceTest::transformer));
  }

  /** What the parameters' names and the recording's settings say about PyTorch's layers. */
  private record Torch(Weights weights, Map<String, Tensor> parts, Recording ref) {
    static Torch of(Recording ref) {
      Map<String, Tensor> parts = TorchProjections.split(ref.params());
      return new Torch(ref.weights(parts), parts, ref);
    }

    MultiHeadAttention attention(String path) {
      return new MultiHeadAttention(
          weights.child(path),
          TorchProjections.of(weights, parts, path + "."),
          ref.integer("heads"));
    }

    LayerNorm norm(String path) {
      double epsilon = ref.hasSetting("eps") ? ref.number("eps") : 1e-5;
      return new LayerNorm(weights.child(path), ref.integer("dim"), epsilon);
    }

    FeedForward feedForward(String path) {
      String activation = ref.hasSetting("activation") ? ref.text("activation") : "relu";
      return new FeedForward(
          weights,
          TorchProjections.linear(weights, parts, path + "linear1"),
          TorchProjections.linear(weights, parts, path + "linear2"),
          Activation.named(activation),
          NO_DROPOUT);
    }

    NormPlacement placement() {
      return ref.hasSetting("norm_first") && ref.flag("norm_first")
          ? NormPlacement.PRE
          : NormPlacement.POST;
    }

    TransformerLayer encoderLayer(String path) {
      return new TransformerLayer(
          weights.child(path),
          block(path + "norm1", LayerBody.self(attention(path + "self_attn"))),
          block(path + "norm2", LayerBody.each(feedForward(path)::apply)));
    }

    TransformerLayer decoderLayer(String path) {
      return new TransformerLayer(
          weights.child(path),
          block(path + "norm1", LayerBody.self(attention(path + "self_attn"))),
          block(path + "norm2", LayerBody.cross(attention(path + "multihead_attn"))),
          block(path + "norm3", LayerBody.each(feedForward(path)::apply)));
    }

    private Residual block(String norm, LayerBody body) {
      return placement().around(norm(norm), body, NO_DROPOUT);
    }
  }

  private static AttentionRequest padding(Recording ref, String name) {
    return AttentionRequest.of(
        ref.hasInput(name) ? AttentionMask.padding(ref.input(name).not()) : null);
  }

  private static Results encoderLayer(Recording ref) {
    TransformerLayer layer = Torch.of(ref).encoderLayer("");
    LayerCall call = new LayerCall(padding(ref, "key_padding_mask"));
    return new Results().output("y", layer.apply(ref.input("x"), call));
  }

  private static Results decoderLayer(Recording ref) {
    TransformerLayer layer = Torch.of(ref).decoderLayer("");
    AttentionRequest self = AttentionRequest.of(AttentionMask.dense(ref.input("tgt_mask").not()));
    AttentionRequest cross = padding(ref, "memory_key_padding_mask");
    LayerCall call = new LayerCall(self, ref.input("memory"), cross);
    return new Results().output("y", layer.apply(ref.input("tgt"), call));
  }

  private static Results transformer(Recording ref) {
    Torch torch = Torch.of(ref);
    AttentionRequest source = padding(ref, "src_key_padding_mask");
    Tensor memory = ref.input("src");
    for (int i = 0; i < ref.integer("enc_layers"); i++) {
      TransformerLayer layer = torch.encoderLayer("encoder.layers." + i + ".");
      memory = layer.apply(memory, new LayerCall(source));
    }
    memory = torch.norm("encoder.norm").apply(memory);
    AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
    Tensor decoded = ref.input("tgt");
    for (int i = 0; i < ref.integer("dec_layers"); i++) {
      TransformerLayer layer = torch.decoderLayer("decoder.layers." + i + ".");
      decoded = layer.apply(decoded, new LayerCall(causal, memory, source));
    }
    return new Results()
        .output("y", torch.norm("decoder.norm").apply(decoded))
        .extra("memory", memory);
  }
}
