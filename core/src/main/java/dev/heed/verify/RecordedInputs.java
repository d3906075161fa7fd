package dev.heed.verify;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a recorded call was given. */
public final class RecordedInputs {
  /** What every call is asked for, whatever the recorded one was. */
  private static final Set<String> ASKED =
      Set.of("output_hidden_states", "output_attentions", "return_dict", "use_cache");

  private RecordedInputs() {}

  /**
   * The inputs of one call, {@code GROUP.NAME}, and of the main one, {@code input}, also the
   * choices of {@code forward_call}.
   *
   * @param dtype that floating-point ones are given in
   */
  public static ModelInput of(GoldenFile recorded, String group, DType dtype) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (String name : recorded.group(group)) {
      Tensor value = recorded.read(group + "." + name);
      inputs.put(name, value.dtype().isFloating() ? value.to(dtype) : value);
    }
    ModelInput input = ModelInput.of(inputs);
    if (group.equals("input") && recorded.settings().containsKey("forward_call")) {
      for (Map.Entry<String, JsonNode> choice : recorded.json("forward_call").properties()) {
        if (!ASKED.contains(choice.getKey()) && choice.getValue().isBoolean()) {
          input = input.with(choice.getKey(), choice.getValue().booleanValue());
        }
      }
    }
    return input;
  }
}
