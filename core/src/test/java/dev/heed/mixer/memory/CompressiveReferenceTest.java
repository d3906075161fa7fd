package dev.heed.mixer.memory;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.mixer.memory.CompressiveAttention.Memory;
import dev.heed.model.compressive.CompressiveTransformer;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

class CompressiveReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("compressive_attention", CompressiveReferenceTest::attention),
        ReferenceCase.of("compressive_transformer", CompressiveReferenceTest::transformer),
        ReferenceCase.of("compressive_transformer_gru", CompressiveReferenceTest::transformer));
  }

  private static CompressiveAttention.Size size(Recording ref) {
    return new CompressiveAttention.Size(
        ref.integer("dim"),
        ref.integer("heads"),
        ref.integer("mem_len"),
        ref.integer("cmem_len"),
        ref.integer("cmem_ratio"));
  }

  private static Results attention(Recording ref) {
    Tensor kernel = ref.param("compress_mem_fn.conv.weight").requiresGrad(true);
    Tensor bias = ref.param("compress_mem_fn.conv.bias").requiresGrad(true);
    CompressiveAttention attention = new CompressiveAttention(ref.weights(), size(ref));
    CompressiveAttention.Result result =
        attention.apply(
            ref.input("x"), new Memory(ref.input("mem"), ref.input("cmem")), ref.input("pos_emb"));
    List<Tensor> gradients = Gradients.of(result.reconstruction(), List.of(kernel, bias));
    return new Results()
        .output("y", result.output())
        .weights("attn", result.weights())
        .extra("new_mem", result.memory().recent())
        .extra("new_cmem", result.memory().compressed())
        .extra("aux_loss", result.reconstruction())
        .extra("aux_grad.compress_mem_fn.conv.weight", gradients.get(0))
        .extra("aux_grad.compress_mem_fn.conv.bias", gradients.get(1));
  }

  private static Results transformer(Recording ref) {
    List<Tensor> convolutions = new ArrayList<>();
    for (int i = 0; i < ref.integer("depth"); i++) {
      String path = "attn_layers." + i + ".fn.fn.compress_mem_fn.conv.";
      convolutions.add(ref.param(path + "weight").requiresGrad(true));
      convolutions.add(ref.param(path + "bias").requiresGrad(true));
    }
    CompressiveTransformer model =
        new CompressiveTransformer(
            // The recorded gates are single cells: their names have no layer number.
            ref.weights(name -> name.contains(".gru.") ? name + "_l0" : name),
            new CompressiveTransformer.Config(
                ref.integer("num_tokens"),
                ref.integer("emb_dim"),
                ref.integer("depth"),
                ref.integer("seq_len"),
                size(ref),
                ref.flag("enhanced_recurrence"),
                ref.flag("gru_gated_residual")));
    Results results = new Results();
    List<Tensor> logits = new ArrayList<>();
    List<Tensor> losses = new ArrayList<>();
    List<Memory> memories = List.of();
    int length = ref.integer("seq_len");
    for (int segment = 0; segment < ref.integer("segments"); segment++) {
      Tensor tokens = ref.input("tokens").narrow(1, (long) segment * length, length);
      CompressiveTransformer.Segment read = model.apply(tokens, memories);
      logits.add(read.logits());
      losses.add(read.reconstruction());
      memories = read.memories();
      results
          .extra("mem." + segment, stack(memories, Memory::recent))
          .extra("compressed_mem." + segment, stack(memories, Memory::compressed));
    }
    Tensor loss = Tensor.stack(losses, 0);
    List<Tensor> gradients = Gradients.of(loss.sum(), convolutions);
    for (int i = 0; i < gradients.size(); i++) {
      String path = "aux_grad.attn_layers." + i / 2 + ".conv.";
      results.extra(path + (i % 2 == 0 ? "weight" : "bias"), gradients.get(i));
    }
    return results.output("logits", Tensor.cat(logits, 1)).extra("aux_loss", loss);
  }

  private static Tensor stack(List<Memory> memories, Function<Memory, Tensor> part) {
    return Tensor.stack(memories.stream().map(part).toList(), 0);
  }
}
