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
import org.bytedeco.pytorch.TensorOptional;
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
  private final Head head;
  private final AdamW optimizer;
  private final TensorVector parameters;
  private final Tensor tokens;
  private final Tensor positions;
  private double loss;

  /** The loss of the last layer's states. */
  private interface Head {
    Tensor loss(Tensor states);
  }

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
    head = shape.task() == EncoderShape.Task.WORDS ? words(sizes) : classes();
    all.train(true);
    parameters = all.parameters();
    AdamWOptions options = new AdamWOptions(EncoderShape.RATE);
    options.weight_decay().put(EncoderShape.DECAY);
    optimizer = new AdamW(parameters, options);
    tokens = byLength(torch.tensor(shape.tokens()));
    positions = torch.arange(new org.bytedeco.pytorch.Scalar(shape.length())).unsqueeze(1);
  }

  /** A class of the first token's state. */
  private Head classes() {
    LinearImpl pooler = all.register_module("pooler", new LinearImpl(shape.size(), shape.size()));
    LinearImpl classifier =
        all.register_module("classifier", new LinearImpl(shape.size(), EncoderShape.CLASSES));
    Tensor classes = torch.tensor(shape.classes());
    return states ->
        torch.cross_entropy(
            classifier.forward(pooler.forward(states.select(0, 0)).tanh()), classes);
  }

  /** The word of every token, by the table of words; labels of -100 do not count. */
  private Head words(LongVector sizes) {
    LinearImpl dense = all.register_module("dense", new LinearImpl(shape.size(), shape.size()));
    LayerNormImpl last =
        all.register_module("last", new LayerNormImpl(new LayerNormOptions(sizes)));
    Tensor bias = all.register_parameter("bias", torch.zeros(shape.vocabulary()));
    Tensor labels = byLength(torch.tensor(shape.words())).flatten();
    return states -> {
      Tensor told = last.forward(torch.gelu(dense.forward(states)));
      Tensor scores = torch.linear(told, words.weight(), new TensorOptional(bias));
      return torch.cross_entropy(scores.flatten(0, 1), labels);
    };
  }

  /** The modules of LibTorch take the length first. */
  private Tensor byLength(Tensor rows) {
    return rows.view(shape.batch(), shape.length()).transpose(0, 1).contiguous();
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad(true);
      Tensor embedded =
          norm.forward(
              words.forward(tokens).add(places.forward(positions.to(torch.ScalarType.Long))));
      Tensor error = head.loss(encoder.forward(embedded));
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
