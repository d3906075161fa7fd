package dev.heed.bench.train;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LayerNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.TransformerEncoderImpl;
import org.bytedeco.pytorch.TransformerEncoderLayerOptions;
import org.bytedeco.pytorch.TransformerEncoderOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kGELU;

/** The encoder of LibTorch's modules, its clipping and its AdamW. */
final class LibTorchContestant implements Runnable {
  private final EncoderShape shape;
  private final Module all = new Module();
  private final EmbeddingImpl words;
  private final EmbeddingImpl places;
  private final LayerNormImpl norm;
  private final TransformerEncoderImpl encoder;
  private final LinearImpl pooler;
  private final LinearImpl classifier;
  private final AdamW optimizer;
  private final TensorVector parameters;
  private final Tensor tokens;
  private final Tensor positions;
  private final Tensor classes;
  private double loss;

  LibTorchContestant(EncoderShape shape) {
    this.shape = shape;
    words = all.register_module("words", new EmbeddingImpl(shape.vocabulary(), shape.size()));
    places = all.register_module("places", new EmbeddingImpl(shape.length(), shape.size()));
    LongVector sizes = new LongVector(1);
    sizes.put(0, shape.size());
    norm = all.register_module("norm", new LayerNormImpl(new LayerNormOptions(sizes)));
    TransformerEncoderLayerOptions layer =
        new TransformerEncoderLayerOptions(shape.size(), shape.heads());
    layer.dim_feedforward().put(shape.inner());
    layer.dropout().put(0);
    var _ = layer.activation().put(new kGELU());
    encoder =
        all.register_module(
            "encoder",
            new TransformerEncoderImpl(new TransformerEncoderOptions(layer, shape.layers())));
    pooler = all.register_module("pooler", new LinearImpl(shape.size(), shape.size()));
    classifier =
        all.register_module("classifier", new LinearImpl(shape.size(), EncoderShape.CLASSES));
    all.train(true);
    parameters = all.parameters();
    AdamWOptions options = new AdamWOptions(EncoderShape.RATE);
    options.weight_decay().put(EncoderShape.DECAY);
    optimizer = new AdamW(parameters, options);
    // The modules of LibTorch take the length first.
    tokens =
        torch
            .tensor(shape.tokens())
            .view(shape.batch(), shape.length())
            .transpose(0, 1)
            .contiguous();
    positions = torch.arange(new org.bytedeco.pytorch.Scalar(shape.length())).unsqueeze(1);
    classes = torch.tensor(shape.classes());
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad(true);
      Tensor embedded =
          norm.forward(
              words.forward(tokens).add(places.forward(positions.to(torch.ScalarType.Long))));
      Tensor first = encoder.forward(embedded).select(0, 0);
      Tensor logits = classifier.forward(pooler.forward(first).tanh());
      Tensor error = torch.cross_entropy(logits, classes);
      error.backward();
      var _ = torch.clip_grad_norm_(parameters, EncoderShape.LARGEST_NORM);
      var _ = optimizer.step();
      loss = error.item_double();
    }
  }

  /** The loss of the last step. */
  double loss() {
    return loss;
  }

  /** How many numbers learn. */
  long parameters() {
    long count = 0;
    for (long i = 0; i < parameters.size(); i++) {
      count += parameters.get(i).numel();
    }
    return count;
  }
}
