package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.StorageType;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Writes a Hugging Face checkpoint as a GGUF file, one tensor at a time.
 *
 * <p>As llama.cpp does it, vectors, tables of positions and of token types, and the choice of
 * experts stay {@code F32}; matrices get the wanted type, or {@code F16} where a row is not whole
 * blocks. No tokenizer is written.
 */
public final class GgufExport {
  /** Tensors that follow from the sizes. */
  private static final List<String> BUFFERS =
      List.of(".attn.bias", ".attn.masked_bias", ".rotary_emb.inv_freq", "embeddings.position_ids");

  private static final Set<String> ALWAYS_FLOAT =
      Set.of("position_embd.weight", "token_types.weight", "blk.#.ffn_gate_inp.weight");

  /** Prefixes of base models, which files have or lack. */
  private static final List<String> PREFIXES =
      List.of("bert.", "nomic_bert.", "transformer.", "model.");

  /** One tensor to be written: its rule, and what it is made of by the number of the expert. */
  private record Part(TensorRule rule, String ours, TreeMap<Integer, String> theirs) {}

  private final CheckpointSource source;
  private final JsonNode config;
  private final StorageType type;
  private final GgufArchitecture architecture;
  private final SequencedMap<String, Part> parts = new LinkedHashMap<>();

  private GgufExport(CheckpointSource source, JsonNode config, StorageType type) {
    this.source = source;
    this.config = config;
    this.type = type;
    String modelType = config.path("model_type").asString("");
    this.architecture = GgufArchitecture.ofModelType(source.describe(), modelType);
  }

  /**
   * Writes a file, replacing one that is there.
   *
   * @param file its folder must exist
   * @param source a Hugging Face checkpoint
   * @param config its {@code config.json}
   * @param type how matrices are stored: {@code F32}, {@code F16}, {@code BF16}, {@code Q8_0} or
   *     {@code Q4_0}
   * @throws CheckpointException {@code UNSUPPORTED} naming an architecture, tensors or keys of the
   *     config that GGUF, or Heed's writing of it, cannot keep; and as {@link GgufWriter#write}
   */
  public static void write(Path file, CheckpointSource source, JsonNode config, StorageType type) {
    GgufExport export = new GgufExport(source, config, type);
    export.assign();
    MetadataDraft draft = new MetadataDraft(source.describe(), config, export.architecture.name());
    ArchitectureMetadata.fill(export.architecture.modelType(), draft);
    GgufPlan plan = export.plan(draft);
    ConfigCheck.requireKept(
        source.describe(),
        config,
        export.architecture.config().apply(new GgufConfig(plan, export.architecture.modelType())));
    GgufWriter.write(file, plan.values().values(), export.tensors(draft));
  }

  private void assign() {
    Map<String, TensorRule> rules = architecture.byTheirs();
    Set<String> unknown = new TreeSet<>();
    for (String name : source.names()) {
      if (BUFFERS.stream().anyMatch(name::endsWith) || isSecondCopy(name)) {
        continue;
      }
      NumberedName numbered = NumberedName.of(spelt(name, rules));
      TensorRule rule = rules.get(numbered.pattern());
      if (rule == null) {
        unknown.add(name);
      } else {
        assign(name, rule, numbered.numbers());
      }
    }
    if (!unknown.isEmpty()) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          source.describe(),
          "tensors that GGUF has in architecture " + architecture.name(),
          Quoted.list(unknown),
          "Name them to be left out (--leave-out), or keep the model as safetensors.");
    }
  }

  private void assign(String name, TensorRule rule, List<Integer> numbers) {
    boolean experts = rule.layout() == TensorLayout.EXPERTS;
    int expert = experts ? numbers.getLast() : 0;
    List<Integer> layer = experts ? numbers.subList(0, numbers.size() - 1) : numbers;
    String ours = NumberedName.fill(rule.ours(), layer);
    parts.computeIfAbsent(ours, o -> new Part(rule, o, new TreeMap<>())).theirs().put(expert, name);
  }

  /** A name in the rules' spelling: prefix and norms' old names set right. */
  private String spelt(String name, Map<String, TensorRule> rules) {
    String newer = name.replaceFirst("gamma$", "weight").replaceFirst("beta$", "bias");
    List<String> spellings = new ArrayList<>(List.of(newer));
    for (String prefix : PREFIXES) {
      spellings.add(newer.startsWith(prefix) ? newer.substring(prefix.length()) : prefix + newer);
    }
    return spellings.stream()
        .filter(s -> rules.containsKey(NumberedName.of(s).pattern()))
        .findFirst()
        .orElse(newer);
  }

  /** Output weights that are the embeddings once more, in a model that ties them. */
  private boolean isSecondCopy(String name) {
    return name.equals("lm_head.weight") && config.path("tie_word_embeddings").asBoolean(false);
  }

  private GgufPlan plan(MetadataDraft draft) {
    draft.values().put("general.name", GgufValue.of(architecture.modelType()));
    draft.values().put("general.file_type", GgufValue.of(fileType(type)));
    draft.values().put("general.quantization_version", GgufValue.of(2));
    draft.values().put("tokenizer.ggml.model", GgufValue.of("none"));
    Map<String, Shape> shapes = new LinkedHashMap<>();
    parts.forEach((name, part) -> shapes.put(name, shape(part)));
    Shape tokens = shapes.get("token_embd.weight");
    if (tokens != null) {
      draft.put("vocab_size", GgufValue.of(Math.toIntExact(tokens.size(0))));
    }
    return new GgufPlan(
        source.describe(),
        new GgufMetadata(source.describe(), draft.values()),
        shapes,
        draft.factors());
  }

  private List<GgufTensor> tensors(MetadataDraft draft) {
    List<GgufTensor> tensors = new ArrayList<>();
    draft
        .factors()
        .forEach((name, factors) ->
            tensors.add(
                GgufTensor.encoded(
                    name,
                    StorageType.F32,
                    Shape.of(factors.length),
                    () -> Tensor.of(factors, factors.length))));
    for (Part part : parts.values()) {
      Shape shape = shape(part);
      tensors.add(
          GgufTensor.encoded(
              part.ours(), stored(part.ours(), shape, type), shape, () -> values(part)));
    }
    return tensors;
  }

  /** How a tensor is stored where matrices get a type. */
  static StorageType stored(String ours, Shape shape, StorageType type) {
    if (shape.rank() < 2 || ALWAYS_FLOAT.contains(NumberedName.of(ours).pattern())) {
      return StorageType.F32;
    }
    return shape.size(-1) % type.block() == 0 ? type : StorageType.F16;
  }

  /** The number that {@code general.file_type} has for a type. */
  static int fileType(StorageType type) {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q8_0 -> 7;
      case BF16 -> 32;
      default ->
          throw new CheckpointException(
              Kind.UNSUPPORTED,
              "a GGUF file",
              "one of F32, F16, BF16, Q8_0, Q4_0 to write",
              type.name(),
              "Choose one of these.");
    };
  }

  private Shape shape(Part part) {
    Shape one = source.shape(part.theirs().firstEntry().getValue());
    return switch (part.rule().layout()) {
      case TRANSPOSED -> part.rule().layout().theirs(source.describe(), one);
      case EXPERTS -> {
        requireAll(part);
        yield Shape.of(part.theirs().size(), one.size(0), one.size(1));
      }
      default -> one;
    };
  }

  private void requireAll(Part part) {
    Shape one = source.shape(part.theirs().firstEntry().getValue());
    boolean alike = part.theirs().values().stream().allMatch(n -> source.shape(n).equals(one));
    if (one.rank() != 2 || !alike || part.theirs().lastKey() != part.theirs().size() - 1) {
      throw new CheckpointException(
          Kind.SHAPE,
          source.describe() + ", " + part.ours(),
          "matrices of one size for experts 0, 1, 2, …",
          "experts " + part.theirs().keySet(),
          "The checkpoint is incomplete; get it again.");
    }
  }

  private Tensor values(Part part) {
    String where = source.describe() + ", " + part.ours();
    if (part.rule().layout() == TensorLayout.EXPERTS) {
      List<Tensor> experts =
          part.theirs().values().stream().map(n -> source.read(n).to(DType.F32)).toList();
      return Tensor.stack(experts, 0);
    }
    Tensor theirs = source.read(part.theirs().firstEntry().getValue()).to(DType.F32);
    int heads = heads(part.rule().layout());
    return part.rule().layout().ours(where, theirs, heads);
  }

  private int heads(TensorLayout layout) {
    int heads = config.path("num_attention_heads").asInt(1);
    return layout == TensorLayout.KEY_PAIRS
        ? config.path("num_key_value_heads").asInt(heads)
        : heads;
  }
}
