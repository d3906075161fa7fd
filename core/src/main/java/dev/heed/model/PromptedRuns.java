package dev.heed.model;

import dev.heed.adapt.PromptTuning;
import dev.heed.attention.DecodeState;
import dev.heed.nn.Embedding;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs of a model of one text that reads the vectors of virtual tokens before it (Lester et al.
 * 2021, as peft has it): positions count from the first virtual token, a vector of the whole text
 * is read where the first token stands, and what is given for virtual tokens is cut off. No keys
 * are kept between calls: who asks with a state is told each time as if all were new.
 */
public final class PromptedRuns implements RunChange {
  private static final Set<String> KNOWN =
      Set.of(
          "input_ids",
          "attention_mask",
          "token_type_ids",
          "position_ids",
          "labels",
          "start_positions",
          "end_positions");

  private static final Set<String> OF_TOKENS =
      Set.of("logits", "last_hidden_state", "start_logits", "end_logits");

  private final PromptTuning prompt;
  private final Embedding table;

  /**
   * Lends a model the prompt's rows.
   *
   * @param prompt closed with the model
   * @throws IllegalArgumentException for a model that looks up no tokens of one text
   */
  public PromptedRuns(Model model, PromptTuning prompt) {
    this.prompt = prompt;
    this.table = table(model);
    table.lend(prompt.rows());
  }

  /** The table of a model's tokens. */
  private static Embedding table(Model model) {
    Tensor known = model.tokenTable();
    boolean one = model.kind() == ModelKind.ENCODER || model.kind() == ModelKind.DECODER;
    return model.modules(Embedding.class).stream()
        .filter(each -> one && known != null && each.weight() == known)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "prompt tuning: expected a model of one text with a table of its tokens, got "
                    + model.getClass().getSimpleName()
                    + "; a prefix may fit"));
  }

  /** The size of a model's token vectors. */
  public static long size(Model model) {
    return table(model).weight().size(1);
  }

  /** Lets a prompt begin with the vectors of tokens, evenly taken from a model's table. */
  public static void begin(PromptTuning prompt, Model model) {
    try (TensorScope scope = TensorScope.inference()) {
      Tensor all = table(model).weight();
      long step = Math.max(1, all.size(0) / (prompt.length() + 1));
      Tensor places = Tensor.arange(prompt.length(), DType.I64).add(1).mul(step);
      Tensor rows = all.embedding(places.clamp(0, all.size(0) - 1), -1);
      prompt.rows().detach().assign(rows);
    }
  }

  /** The prompt. */
  public PromptTuning prompt() {
    return prompt;
  }

  @Override
  public int positions() {
    return Math.toIntExact(prompt.length());
  }

  @Override
  public ModelOutput apply(Model model, Call call, Function<Call, ModelOutput> computed) {
    return TensorScope.run(() -> {
      ModelInput input = call.input();
      Set<String> more = new TreeSet<>(input.tensors().keySet());
      more.removeAll(KNOWN);
      if (!more.isEmpty()) {
        throw new IllegalArgumentException(
            "prompt: expected some of " + new TreeSet<>(KNOWN) + ", got also " + more);
      }
      long time = input.require("input_ids").size(1);
      return cut(computed.apply(new Call(longer(input), call.trace(), call.wanted())), time);
    });
  }

  private ModelInput longer(ModelInput input) {
    long length = prompt.length();
    Tensor ids = input.require("input_ids");
    Tensor virtual = Tensor.arange(length, DType.I64).neg().sub(1);
    ModelInput longer =
        input
            .with((DecodeState) null)
            .with("input_ids", before(virtual, ids))
            .with("attention_mask", filled(input.get("attention_mask"), 1))
            .with("token_type_ids", filled(input.get("token_type_ids"), 0));
    Tensor positions = input.get("position_ids");
    if (positions != null) {
      Tensor own = positions.add(length);
      Tensor first = Tensor.arange(length, DType.I64);
      longer =
          longer.with(
              "position_ids",
              own.rank() == 1 ? Tensor.cat(List.of(first, own), 0) : before(first, own));
    }
    Tensor labels = input.get("labels");
    if (labels != null && labels.shape().equals(ids.shape()) && !labels.dtype().isFloating()) {
      longer = longer.with("labels", filled(labels, CrossEntropy.IGNORED));
    }
    for (String place : List.of("start_positions", "end_positions")) {
      Tensor given = input.get(place);
      longer = given == null ? longer : longer.with(place, given.add(length));
    }
    return longer;
  }

  /** One row before each row of another. */
  private static Tensor before(Tensor row, Tensor rows) {
    return Tensor.cat(List.of(row.unsqueeze(0).expand(rows.size(0), -1), rows), 1);
  }

  /** A value for each virtual token before what is known of the others. */
  private @Nullable Tensor filled(@Nullable Tensor rows, long value) {
    if (rows == null) {
      return null;
    }
    Tensor own = rows.dtype() == DType.BOOL ? rows.to(DType.I64) : rows;
    Tensor first = Tensor.zeros(Shape.of(prompt.length()), own.dtype()).add(value);
    return before(first, own);
  }

  private ModelOutput cut(ModelOutput output, long time) {
    Map<String, Tensor> cut = new LinkedHashMap<>();
    output
        .values()
        .forEach((name, value) -> {
          boolean each = OF_TOKENS.contains(name) || name.startsWith("hidden_states.");
          boolean whole = each && value.rank() >= 2 && value.size(1) == prompt.length() + time;
          cut.put(name, whole ? value.narrow(1, prompt.length(), time) : value);
        });
    return new ModelOutput(cut);
  }

  @Override
  public void close() {
    table.lend(null);
    prompt.close();
  }
}
