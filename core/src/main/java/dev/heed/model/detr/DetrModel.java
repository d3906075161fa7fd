package dev.heed.model.detr;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.Grid;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole model: backbone, encoder, decoder, and a head on the queries' states. */
final class DetrModel extends Model {
  /** The decoder's states: of the queries at first, after each layer but the last, and normed. */
  static final String STATES = "decoder_hidden_states";

  private static final double EPSILON = 1e-5;

  private final ResNet backbone;
  private final Tensor projection;
  private final Tensor projectionBias;
  private final MapPositions positions;
  private final Embedding queries;
  private final List<PlacedLayer> encoder = new ArrayList<>();
  private final List<PlacedLayer> decoder = new ArrayList<>();
  private final LayerNorm norm;
  private final boolean eachNormed;
  private final Head head;

  /**
   * A model.
   *
   * @param eachNormed whether each layer's states are normed, for heads on all of them, and not the
   *     last one's alone
   */
  DetrModel(Weights root, DetrConfig config, ResNetConfig resNet, boolean eachNormed, Head head) {
    super(root);
    Weights weights = root.child("model");
    long size = config.dModel();
    Weights convolutions = weights.child("backbone");
    backbone = new ResNet(convolutions.child("conv_encoder.model"), resNet);
    positions =
        config.positionEmbeddingType().equals("sine")
            ? MapPositions.sines(size)
            : MapPositions.learned(convolutions.child("position_embedding"), size);
    long channels = resNet.hiddenSizes().getLast();
    Weights own = weights.child("input_projection");
    Initializer start = Initializer.uniform(1 / Math.sqrt(channels));
    projection = own.parameter("weight", start, size, channels, 1, 1);
    projectionBias = own.parameter("bias", start, size);
    queries =
        new Embedding(weights.child("query_position_embeddings"), config.numQueries(), size, -1);
    for (int i = 0; i < config.encoderLayers(); i++) {
      encoder.add(new PlacedLayer(weights.child("encoder.layers", i), config, false));
    }
    for (int i = 0; i < config.decoderLayers(); i++) {
      decoder.add(new PlacedLayer(weights.child("decoder.layers", i), config, true));
    }
    norm = new LayerNorm(weights.child("decoder.layernorm"), size, EPSILON);
    this.eachNormed = eachNormed;
    this.head = head;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public Model withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException(
        "mixers: this model's queries and keys are moved by where they stand, which others ignore");
  }

  @Override
  protected void run(Run run) {
    Tensor images = run.input().require("pixel_values");
    Tensor there = run.input().get("pixel_mask");
    Tensor map =
        Convolution.conv2d(
            backbone.apply(images), projection, projectionBias, new Geometry(1, 0, 1, 1));
    Tensor keep = keep(there, images, map.size(2), map.size(3));
    Tensor places = positions.apply(keep, map.dtype());
    Tensor flat = keep.flatten(1, 2);
    boolean whole = flat.not().sum().itemLong() == 0;
    AttentionRequest toCells = run.request(whole ? null : AttentionMask.padding(flat));
    Tensor cells = map.flatten(2, 3).transpose(1, 2);
    run.state("encoder_hidden_states", cells);
    AttentionRequest within =
        toCells.withGrid(new Grid(Math.toIntExact(map.size(2)), Math.toIntExact(map.size(3))));
    for (PlacedLayer layer : encoder) {
      PlacedLayer.Seen seen = layer.apply(cells, places, within, null);
      cells = seen.states();
      run.weights("encoder_attentions", seen.self());
      run.state("encoder_hidden_states", cells);
    }
    run.put("encoder_last_hidden_state", cells);
    head.apply(run, decoded(run, new PlacedLayer.Cells(cells, places, toCells)), null);
  }

  private Tensor decoded(Run run, PlacedLayer.Cells cells) {
    Tensor asked = queries.weight().unsqueeze(0);
    Tensor states =
        Tensor.zeros(Shape.of(cells.states().size(0), asked.size(1), asked.size(2)), asked.dtype());
    if (eachNormed) {
      run.keepStates(STATES);
    }
    run.state(STATES, states);
    AttentionRequest all = run.request(null);
    for (int i = 0; i < decoder.size(); i++) {
      PlacedLayer.Seen seen = decoder.get(i).apply(states, asked, all, cells);
      states = eachNormed ? norm.apply(seen.states()) : seen.states();
      run.weights("decoder_attentions", seen.self());
      run.weights("cross_attentions", seen.cross());
      if (i < decoder.size() - 1) {
        run.state(STATES, states);
      }
    }
    Tensor last = norm.apply(states);
    run.state(STATES, last);
    run.put("last_hidden_state", last);
    return last;
  }

  /** Which cells of the map show something: of each the nearest pixel above and left of it. */
  private static Tensor keep(@Nullable Tensor there, Tensor images, long height, long width) {
    if (there == null) {
      return Tensor.ones(Shape.of(images.size(0), height, width), DType.I64).ne(0);
    }
    return there
        .ne(0)
        .indexSelect(1, nearest(there.size(1), height))
        .indexSelect(2, nearest(there.size(2), width));
  }

  private static Tensor nearest(long from, long to) {
    long[] rows = new long[Math.toIntExact(to)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Math.min(from - 1, (long) Math.floor(i * ((double) from / to)));
    }
    return Tensor.of(rows, rows.length);
  }
}
