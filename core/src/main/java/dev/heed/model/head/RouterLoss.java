package dev.heed.model.head;

import dev.heed.model.Run;
import dev.heed.nn.moe.Router;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A head on a mixture of experts, which also gives the routers' logits, {@code router_logits.i},
 * and a loss that grows where tokens crowd on few experts: {@code E · Σₑ shareₑ · probabilityₑ}
 * (Fedus et al. 2022, section 2.2), {@code aux_loss}, added to the head's loss. Given where the
 * call's {@code output_router_logits} or else the config says so.
 *
 * @param head what stands on the model
 * @param balance how the loss is computed, or null for the logits alone
 * @param usual whether they are given where the call does not say
 */
public record RouterLoss(Head head, @Nullable Balance balance, boolean usual) implements Head {
  /**
   * The loss of crowding.
   *
   * @param chosen experts a token
   * @param coefficient of what is added to the head's loss
   */
  public record Balance(int chosen, double coefficient) {}

  /**
   * The head's outputs, and beside them the routers' logits and loss where they are asked for.
   *
   * @throws IllegalArgumentException in a run that forgets activations, whose routers learn nothing
   */
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    head.apply(run, hidden, pooled);
    if (!run.input().flag("output_router_logits", usual)) {
      return;
    }
    run.routers().forEach(logits -> run.next("router_logits", logits));
    if (balance == null || run.routers().isEmpty()) {
      return;
    }
    if (run.trace().isCheckpointing()) {
      throw new IllegalArgumentException(
          "output_router_logits: expected a run that keeps its activations, got one that forgets"
              + " them, in which the routers' loss has no gradient");
    }
    Tensor crowding = loss(run.routers(), run.input().get("attention_mask"), balance.chosen());
    run.put("aux_loss", crowding);
    Tensor loss = run.given("loss");
    if (loss != null) {
      run.put("loss", loss.add(crowding.mul(balance.coefficient())));
    }
  }

  /**
   * How tokens crowd on few experts; {@code chosen} where they are spread evenly.
   *
   * @param routers each layer's logits {@code [N, E]}
   * @param keep not zero at tokens that count, {@code [B, T]} with the last columns those of the N
   *     tokens, or null for all
   * @param chosen k, how many experts a token goes to
   */
  public static Tensor loss(List<Tensor> routers, @Nullable Tensor keep, int chosen) {
    return TensorScope.run(() -> {
      Tensor shares = Router.wide(Tensor.cat(routers, 0)).softmax(-1);
      Tensor chosenExperts = shares.topk(chosen, -1).indices();
      Tensor hits =
          Tensor.zeros(shares.shape(), DType.I64)
              .scatterAdd(-1, chosenExperts, Tensor.ones(chosenExperts.shape(), DType.I64))
              .to(shares.dtype());
      Tensor weight = weights(routers, keep, shares);
      Tensor total = weight.sum();
      Tensor share = hits.mul(weight).sum(0, false).div(total);
      Tensor probability = shares.mul(weight).sum(0, false).div(total);
      return share.mul(probability).sum().mul(shares.size(-1));
    });
  }

  /** 1 for each token that counts, {@code [layers · N, 1]}. */
  private static Tensor weights(List<Tensor> routers, @Nullable Tensor keep, Tensor shares) {
    if (keep == null) {
      return Tensor.ones(dev.heed.tensor.Shape.of(shares.size(0), 1), shares.dtype());
    }
    long time = routers.getFirst().size(0) / Math.max(1, keep.size(0));
    Tensor tokens =
        keep.narrow(1, keep.size(1) - time, time).ne(0).to(shares.dtype()).flatten(0, 1);
    return Tensor.cat(java.util.Collections.nCopies(routers.size(), tokens), 0).unsqueeze(-1);
  }
}
