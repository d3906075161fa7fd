package dev.heed.generate.logits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.generate.config.ConfiguredProcessors;
import dev.heed.generate.config.Convention;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every recorded processor: what is removed is removed, and other scores are equal. */
@Tag("integration")
class ProcessorReferenceTest {
  private static final double DOUBLE_TOLERANCE = 1e-9;
  private static final double FLOAT_TOLERANCE = 1e-5;

  /** Needs a model, and is compared where the recorded searches are. */
  private static final Set<String> WITH_A_MODEL = Set.of("classifier_free_guidance_generate");

  @TestFactory
  Stream<DynamicTest> recorded() {
    List<Path> found = GoldenFolder.list(GoldenFolder.area("generation").resolve("processors"));
    assertThat(found).hasSizeGreaterThan(40);
    return found.stream()
        .filter(file -> !WITH_A_MODEL.contains(name(file)))
        .map(file -> DynamicTest.dynamicTest(name(file), () -> check(file)));
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".safetensors", "");
  }

  private static void check(Path path) {
    try (GoldenFile file = GoldenFile.open(path);
        TensorScope scope = TensorScope.open()) {
      JsonNode arguments = file.json("arguments");
      String type = file.setting("processor");
      for (int call = 0; call < file.integer("calls"); call++) {
        double[][] scores = rows(file, "input." + call + ".scores");
        double[][] exact = rows(file, "f64.output." + call + ".scores");
        double[][] rounded = rows(file, "output." + call + ".scores");
        if (type.equals("ClassifierFreeGuidanceLogitsProcessor")) {
          scores = guided(scores, arguments.get("guidance_scale").asDouble());
        } else {
          process(file, call, type, arguments, scores);
        }
        compare("call " + call + " in double", scores, exact, DOUBLE_TOLERANCE);
        if (!type.equals("InfNanRemoveLogitsProcessor")) {
          compare("call " + call + " in float", scores, rounded, FLOAT_TOLERANCE);
        }
      }
    }
  }

  private static double[][] guided(double[][] scores, double scale) {
    int half = scores.length / 2;
    double[][] mixed = new double[half][];
    for (int r = 0; r < half; r++) {
      mixed[r] = new Guidance(scale).mix(scores[r], scores[half + r]);
    }
    return mixed;
  }

  private static void process(
      GoldenFile file, int call, String type, JsonNode arguments, double[][] scores) {
    LogitsProcessor processor = processor(type, arguments);
    Tensor ids = file.read("input." + call + ".input_ids");
    long[] all = ids.toLongArray();
    int length = (int) ids.size(1);
    int prompt =
        integer(
            arguments,
            0,
            "prompt_length",
            "prompt_length_to_skip",
            "input_ids_seq_length",
            "begin_index");
    int limit = integer(arguments, Integer.MAX_VALUE, "max_length");
    int beams = integer(arguments, 1, "num_beams");
    if (type.equals("LogitsProcessorList")) {
      beams = 1; // its encoder inputs are recorded once a beam
    }
    if (type.startsWith("Hamming")) {
      beams /= arguments.get("num_beam_groups").asInt();
    }
    for (int r = 0; r < scores.length; r++) {
      int[] row = new int[length];
      for (int i = 0; i < length; i++) {
        row[i] = (int) all[r * length + i];
      }
      int input = r / beams;
      Prefix prefix =
          new Prefix(Tokens.of(row), prompt, limit, input, rivals(file, call, arguments, input));
      processor.process(prefix, scores[r]);
    }
  }

  private static List<Integer> rivals(GoldenFile file, int call, JsonNode arguments, int input) {
    String key = "input." + call + ".current_tokens";
    if (!file.tensors().containsKey(key)) {
      return List.of();
    }
    long[] chosen = file.read(key).toLongArray();
    int beams = arguments.get("num_beams").asInt();
    int size = beams / arguments.get("num_beam_groups").asInt();
    int group = (int) file.read("input." + call + ".beam_group_idx").itemLong();
    List<Integer> rivals = new ArrayList<>();
    for (int i = input * beams; i < input * beams + group * size; i++) {
      rivals.add((int) chosen[i]);
    }
    return rivals;
  }

  private static LogitsProcessor processor(String type, JsonNode a) {
    return switch (type) {
      case "TemperatureLogitsWarper" -> new Temperature(a.get("temperature").asDouble());
      case "TopKLogitsWarper" -> new TopK(a.get("top_k").asInt(), least(a));
      case "TopPLogitsWarper" -> new TopP(a.get("top_p").asDouble(), least(a));
      case "formula: min-p" -> new MinP(a.get("min_p").asDouble(), least(a));
      case "TypicalLogitsWarper" -> new Typical(a.get("mass").asDouble(), least(a));
      case "EpsilonLogitsWarper" -> new EpsilonCutoff(a.get("epsilon").asDouble(), least(a));
      case "EtaLogitsWarper" -> new EtaCutoff(a.get("epsilon").asDouble(), least(a));
      case "RepetitionPenaltyLogitsProcessor" -> new RepetitionPenalty(a.get("penalty").asDouble());
      case "EncoderRepetitionPenaltyLogitsProcessor" ->
          new EncoderRepetitionPenalty(a.get("penalty").asDouble(), encoderInputs(a));
      case "NoRepeatNGramLogitsProcessor" -> new NoRepeatNgram(a.get("ngram_size").asInt());
      case "EncoderNoRepeatNGramLogitsProcessor" ->
          new EncoderNoRepeatNgram(a.get("ngram_size").asInt(), encoderInputs(a));
      case "MinLengthLogitsProcessor" ->
          new MinLength(a.get("min_length").asInt(), config(a).tokens().eosTokenId());
      case "MinNewTokensLengthLogitsProcessor" ->
          new MinNewTokens(a.get("min_new_tokens").asInt(), config(a).tokens().eosTokenId());
      case "ForcedBOSTokenLogitsProcessor" -> new ForcedBos(a.get("bos_token_id").asInt());
      case "ForcedEOSTokenLogitsProcessor" -> new ForcedEos(config(a).tokens().eosTokenId());
      case "InfNanRemoveLogitsProcessor" -> new RemoveInvalid(Double.MAX_VALUE);
      case "LogitNormalization" -> new Normalization();
      case "HammingDiversityLogitsProcessor" ->
          new HammingDiversity(a.get("diversity_penalty").asDouble());
      case "PrefixConstrainedLogitsProcessor" -> new PrefixConstrained(allowed(a));
      case "ForceTokensLogitsProcessor" ->
          configured(a, "forced_decoder_ids", a.get("force_token_map"));
      case "ExponentialDecayLengthPenalty" ->
          new ExponentialDecay(
              a.get("exponential_decay_length_penalty").get(0).asInt(),
              a.get("exponential_decay_length_penalty").get(1).asDouble(),
              config(a).tokens().eosTokenId(),
              ExponentialDecay.Form.MULTIPLY);
      case "WhisperTimeStampLogitsProcessor" -> timestamps(a);
      case "SuppressTokensAtBeginLogitsProcessor" ->
          configured(a, "begin_suppress_tokens", a.get("begin_suppress_tokens"));
      case "NoBadWordsLogitsProcessor",
          "SequenceBiasLogitsProcessor",
          "SuppressTokensLogitsProcessor" ->
          rules(config(a), List.of());
      case "LogitsProcessorList" -> chain(a);
      default -> throw new IllegalArgumentException("no processor for " + type);
    };
  }

  private static LogitsProcessor configured(JsonNode arguments, String key, JsonNode value) {
    return rules(config(arguments).with(key, value), List.of());
  }

  /** The recorded order of classes, told by the parameters of ours. */
  private static LogitsProcessor chain(JsonNode a) {
    List<Tokens> encoderInputs = a.has("encoder_input_ids") ? encoderInputs(a) : List.of();
    GenerationConfig config = config(a);
    List<LogitsProcessor> all = new ArrayList<>(rules(config, encoderInputs).processors());
    all.addAll(ConfiguredProcessors.cuts(config).processors());
    assertThat(all.stream().map(ProcessorReferenceTest::referenceName))
        .containsExactlyElementsOf(a.get("order").valueStream().map(JsonNode::asString).toList());
    return new ProcessorChain(all);
  }

  private static String referenceName(LogitsProcessor ours) {
    return switch (ours) {
      case SequenceBias p -> "SequenceBiasLogitsProcessor";
      case EncoderRepetitionPenalty p -> "EncoderRepetitionPenaltyLogitsProcessor";
      case RepetitionPenalty p -> "RepetitionPenaltyLogitsProcessor";
      case NoRepeatNgram p -> "NoRepeatNGramLogitsProcessor";
      case EncoderNoRepeatNgram p -> "EncoderNoRepeatNGramLogitsProcessor";
      case BadWords p -> "NoBadWordsLogitsProcessor";
      case MinLength p -> "MinLengthLogitsProcessor";
      case MinNewTokens p -> "MinNewTokensLengthLogitsProcessor";
      case ForcedBos p -> "ForcedBOSTokenLogitsProcessor";
      case ForcedEos p -> "ForcedEOSTokenLogitsProcessor";
      case RemoveInvalid p -> "InfNanRemoveLogitsProcessor";
      case ExponentialDecay p -> "ExponentialDecayLengthPenalty";
      case Suppress p -> "SuppressTokensLogitsProcessor";
      case SuppressAtBegin p -> "SuppressTokensAtBeginLogitsProcessor";
      case ForceTokens p -> "ForceTokensLogitsProcessor";
      case Normalization p -> "LogitNormalization";
      case Temperature p -> "TemperatureLogitsWarper";
      case TopK p -> "TopKLogitsWarper";
      case TopP p -> "TopPLogitsWarper";
      case Typical p -> "TypicalLogitsWarper";
      case EpsilonCutoff p -> "EpsilonLogitsWarper";
      case EtaCutoff p -> "EtaLogitsWarper";
      case HammingDiversity p -> "HammingDiversityLogitsProcessor";
      default -> throw new IllegalArgumentException("no name for " + ours);
    };
  }

  private static ProcessorChain rules(GenerationConfig config, List<Tokens> encoderInputs) {
    return ConfiguredProcessors.rules(
        config, Convention.WHOLE_LENGTH_WITHOUT_END, encoderInputs, List.of());
  }

  /** A config of those arguments that are keys of one. */
  private static GenerationConfig config(JsonNode arguments) {
    ObjectNode kept = ((ObjectNode) arguments).deepCopy();
    kept.remove(
        List.of(
            "order",
            "prompt_length",
            "vocabulary",
            "encoder_input_ids",
            "begin_index",
            "input_ids_seq_length",
            "prompt_length_to_skip",
            "force_token_map"));
    return GenerationConfig.of("arguments", kept);
  }

  private static LogitsProcessor timestamps(JsonNode a) {
    int forced = a.get("forced_decoder_ids").size();
    int off = a.get("no_timestamps_token_id").asInt();
    boolean lastIsOff = a.get("forced_decoder_ids").get(forced - 1).get(1).asInt() == off;
    return new WhisperTimestamps(
        a.get("eos_token_id").asInt(),
        off,
        forced + (lastIsOff ? 1 : 2),
        a.get("max_initial_timestamp_index").asInt());
  }

  private static PrefixConstrained.Allowed allowed(JsonNode a) {
    return (input, sequence) -> {
      JsonNode row = a.get("allowed").get(String.valueOf(input));
      JsonNode found = row == null ? null : row.get(String.valueOf(sequence.last()));
      JsonNode allowed = found == null ? a.get("default") : found;
      return allowed.valueStream().mapToInt(JsonNode::asInt).toArray();
    };
  }

  private static List<Tokens> encoderInputs(JsonNode a) {
    return a.get("encoder_input_ids")
        .valueStream()
        .map(row -> Tokens.of(row.valueStream().mapToInt(JsonNode::asInt).toArray()))
        .toList();
  }

  private static int least(JsonNode arguments) {
    return arguments.get("min_tokens_to_keep").asInt();
  }

  private static int integer(JsonNode arguments, int otherwise, String... names) {
    return Stream.of(names)
        .filter(arguments::has)
        .map(name -> arguments.get(name).asInt())
        .findFirst()
        .orElse(otherwise);
  }

  private static double[][] rows(GoldenFile file, String key) {
    Tensor tensor = file.read(key);
    double[] all = tensor.to(dev.heed.tensor.DType.F64).toDoubleArray();
    int width = (int) tensor.size(1);
    double[][] rows = new double[(int) tensor.size(0)][width];
    for (int i = 0; i < all.length; i++) {
      rows[i / width][i % width] = all[i];
    }
    return rows;
  }

  private static void compare(String what, double[][] got, double[][] expected, double within) {
    assertThat(got.length).isEqualTo(expected.length);
    for (int r = 0; r < got.length; r++) {
      for (int t = 0; t < got[r].length; t++) {
        double scale = Math.max(1, Math.abs(expected[r][t]));
        boolean equal =
            got[r][t] == expected[r][t] || Math.abs(got[r][t] - expected[r][t]) <= within * scale;
        assertThat(equal)
            .as("%s, row %d, token %d: %s, recorded %s", what, r, t, got[r][t], expected[r][t])
            .isTrue();
      }
    }
  }
}
