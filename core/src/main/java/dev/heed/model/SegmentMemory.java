package dev.heed.model;

import dev.heed.attention.DecodeState;
import dev.heed.attention.GrowingKeys;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What the layers of a model remember of earlier segments: the states that each of them began with,
 * through which no gradient flows (Dai et al. 2019, section 3.2).
 *
 * <p>A call is given them as {@code mems.0}, {@code mems.1} … {@code [M, B, H]} and gives those for
 * the next call under the same names; while decoding they are a part of the {@link DecodeState}.
 *
 * @param path below which the state keeps them
 * @param layers how many remember
 * @param longest how many steps are kept
 * @param fresh how many of a segment's first steps are remembered
 */
public record SegmentMemory(String path, int layers, long longest, long fresh) {
  /** A memory that takes all of a segment. */
  public SegmentMemory(String path, int layers, long longest) {
    this(path, layers, longest, Long.MAX_VALUE);
  }

  /**
   * What each layer remembers, {@code [B, M, H]}.
   *
   * @param none what it does before the first segment, {@code [B, M, H]}, M may be 0
   */
  public List<Tensor> before(Run run, Tensor none) {
    List<Tensor> found = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      Tensor given = run.input().get("mems." + i);
      DecodeState state = run.state();
      GrowingKeys kept = state == null ? null : state.keys(path + "." + i).exact("states");
      if (kept != null && kept.length() > 0) {
        found.add(kept.entry().keys().squeeze(1));
      } else {
        found.add(given == null ? none : given.transpose(0, 1).detach());
      }
    }
    return found;
  }

  /**
   * Remembers a segment.
   *
   * @param before what {@link #before} gave
   * @param segment the states that each layer began with, {@code [B, T, H]}
   */
  public void give(Run run, List<Tensor> before, List<Tensor> segment) {
    for (int i = 0; i < layers; i++) {
      Tensor all = Tensor.cat(List.of(before.get(i), taken(segment.get(i))), 1).detach();
      long kept = Math.min(longest, all.size(1));
      run.put("mems." + i, all.narrow(1, all.size(1) - kept, kept).transpose(0, 1));
    }
  }

  /**
   * Remembers a segment in the call's state.
   *
   * @param segment the states that each layer began with, {@code [B, T, H]}
   * @param passing how many of its last steps count among the longest, and are forgotten again
   */
  public void keep(DecodeState state, List<Tensor> before, List<Tensor> segment, long passing) {
    for (int i = 0; i < layers; i++) {
      GrowingKeys kept = state.keys(path + "." + i).exact("states");
      Tensor more = taken(segment.get(i));
      Tensor lasting = more.narrow(1, 0, Math.max(0, more.size(1) - passing));
      Tensor all = kept.length() > 0 ? lasting : Tensor.cat(List.of(before.get(i), lasting), 1);
      if (all.size(1) > 0) {
        // The state keeps two tensors a step; nothing reads the second.
        kept.append(all.unsqueeze(1), all.unsqueeze(1).narrow(-1, 0, 1));
        kept.keepLast(Math.max(0, longest - passing));
      }
    }
  }

  private Tensor taken(Tensor segment) {
    return segment.narrow(1, 0, Math.min(fresh, segment.size(1)));
  }
}
