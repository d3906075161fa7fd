package dev.heed.train.optim;

import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.tensor.kernel.AdamStep;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.Kernels;
import dev.heed.train.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Changes parameters step by step, and keeps what that needs: running means, counters, and f32
 * copies of parameters that are stored in half precision (Micikevicius et al. 2018, section 3.1).
 *
 * <p>A step writes to the parameters themselves; nothing else may use them meanwhile.
 */
public final class Optimizer implements AutoCloseable {
  private static final String STEPS = "steps";

  private final List<ParameterGroup> groups;
  private final Share share;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Integer> owners;
  private final Map<String, ParameterState> states = new LinkedHashMap<>();
  private long steps;

  /**
   * Starts with empty state.
   *
   * @param groups whose parameters stay the caller's; close this before them
   * @throws IllegalArgumentException if a parameter is in two groups, has no floating-point
   *     elements, or a shape that its rule cannot change
   */
  public Optimizer(List<ParameterGroup> groups) {
    this(groups, Share.ALL);
  }

  /**
   * Starts with empty state for a share of the parameters; a step changes no others.
   *
   * @param groups as above, the same in all processes
   * @param share which part this process keeps
   */
  public Optimizer(List<ParameterGroup> groups, Share share) {
    this.groups = List.copyOf(groups);
    this.share = share;
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ParameterGroup group : groups) {
      group
          .parameters()
          .forEach((name, tensor) -> {
            if (!seen.add(tensor) || parameters.put(name, tensor) != null) {
              throw new IllegalArgumentException(
                  "optimiser: expected each parameter once, got " + name + " twice");
            }
          });
    }
    owners = share.owners(parameters);
    try {
      for (ParameterGroup group : groups) {
        group
            .parameters()
            .forEach((name, tensor) -> {
              if (isOwn(name)) {
                states.put(name, new ParameterState(name, tensor, group));
              }
            });
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private boolean isOwn(String parameter) {
    return Objects.requireNonNull(owners.get(parameter), parameter) == share.rank();
  }

  /** The groups, as given. */
  public List<ParameterGroup> groups() {
    return groups;
  }

  /** The parameters of all groups by name, in the order of the groups. */
  public Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** Which part this one keeps. */
  public Share share() {
    return share;
  }

  /** The parameters that one of the processes steps. */
  public List<Tensor> owned(int rank) {
    return parameters.entrySet().stream()
        .filter(entry -> Objects.requireNonNull(owners.get(entry.getKey())) == rank)
        .map(Map.Entry::getValue)
        .toList();
  }

  /** An optimiser of the same parameters with the state of another share, empty. */
  public Optimizer other(Share another) {
    return new Optimizer(groups, another);
  }

  /** How many steps were taken. */
  public long steps() {
    return steps;
  }

  /**
   * Takes a step.
   *
   * @param gradients by name, of the parameters' shapes and any floating-point type; a parameter
   *     without one is left alone, weight decay included
   * @param clipping measured on these gradients, or {@link Clip#NONE}'s
   * @param schedule asked for the rate and momentum of step {@link #steps()}
   * @throws IllegalArgumentException for a gradient without a parameter or of another shape, or if
   *     the schedule moves the momentum of a rule that has none
   */
  public void step(Map<String, Tensor> gradients, Clipping clipping, Schedule schedule) {
    List<Task> elementwise = new ArrayList<>();
    List<Task> fused = new ArrayList<>();
    List<Task> whole = new ArrayList<>();
    gradients.forEach(this::requireParameter);
    Map<ParameterGroup, Double> rates = new IdentityHashMap<>();
    groups.forEach(group -> rates.put(group, rate(group, schedule)));
    try (TensorScope scope = TensorScope.open()) {
      gradients.forEach((name, gradient) -> {
        ParameterState state = states.get(name);
        if (state == null) {
          return; // another process' share
        }
        Task task = new Task(state, gradient.contiguous());
        task.prepare(rates, schedule, steps, clipping);
        if (task.fused != null) {
          fused.add(task);
        } else {
          (state.group.rule() instanceof ElementwiseRule ? elementwise : whole).add(task);
        }
      });
      updateFused(fused);
      updateElements(elementwise, clipping);
      SideBySide.runSteadily(whole.size(), i -> whole.get(i).updateWhole(clipping));
    }
    steps++;
  }

  private double rate(ParameterGroup group, Schedule schedule) {
    if (schedule.momentum(steps).isPresent() && !group.rule().hasMomentum()) {
      throw new IllegalArgumentException(
          "schedule "
              + schedule
              + " moves the momentum: expected a rule that has one, got "
              + group.rule());
    }
    return schedule.rate(group.rate(), steps);
  }

  private void requireParameter(String name, Tensor gradient) {
    Tensor parameter = parameters.get(name);
    if (parameter == null || !parameter.shape().equals(gradient.shape())) {
      throw new IllegalArgumentException(
          "gradient of "
              + name
              + ": expected "
              + (parameter == null
                  ? "one of " + new TreeSet<>(parameters.keySet())
                  : parameter.describe())
              + ", got "
              + gradient.describe());
    }
  }

  private static void updateFused(List<Task> tasks) {
    FloatKernel kernel = Kernels.live().kernel();
    pieces(tasks).run(() -> piece -> tasks.get(piece.tensor()).updateFused(piece, kernel));
  }

  private static Pieces pieces(List<Task> tasks) {
    return new Pieces(tasks.stream().map(task -> task.state.parameter.elements()).toList());
  }

  private static void updateElements(List<Task> tasks, Clipping clipping) {
    int slots = tasks.stream().mapToInt(task -> task.slots.size()).max().orElse(0);
    pieces(tasks)
        .run(() -> {
          Block block = new Block(slots);
          Transfer transfer = new Transfer();
          return piece -> tasks.get(piece.tensor()).update(piece, block, transfer, clipping);
        });
  }

  /** What one step does to one parameter. */
  private static final class Task {
    final ParameterState state;
    final List<Transfer.Memory> slots;
    private final Tensor gradient;
    private final Transfer.Memory values;
    private final Transfer.Memory gradients;
    private @Nullable Step step;
    private ElementwiseRule.@Nullable BlockUpdate update;
    private @Nullable AdamStep fused;

    Task(ParameterState state, Tensor gradient) {
      this.state = state;
      this.gradient = gradient;
      this.values = Transfer.Memory.of(state.master);
      this.gradients = Transfer.Memory.of(gradient);
      this.slots = state.slotTensors().stream().map(Transfer.Memory::of).toList();
    }

    void prepare(
        Map<ParameterGroup, Double> rates, Schedule schedule, long number, Clipping clipping) {
      state.countStep();
      double rate = Objects.requireNonNull(rates.get(state.group));
      Step next = new Step(state.steps(), rate, schedule.momentum(number));
      step = next;
      if (state.group.rule() instanceof ElementwiseRule rule) {
        update = rule.at(next);
        fused = isSingle() ? rule.fused(next, clipping) : null;
      }
    }

    /** Whether all numbers are f32. */
    private boolean isSingle() {
      return !state.hasMaster() && values.dtype() == DType.F32 && gradients.dtype() == DType.F32;
    }

    void updateFused(Pieces.Piece piece, FloatKernel kernel) {
      AdamStep.Memory memory =
          new AdamStep.Memory(
              values.segment(),
              gradients.segment(),
              slots.get(0).segment(),
              slots.get(1).segment());
      kernel.adam(Objects.requireNonNull(fused), memory, piece.from() * Float.BYTES, piece.count());
    }

    void update(Pieces.Piece piece, Block block, Transfer transfer, Clipping clipping) {
      long from = piece.from();
      int count = piece.count();
      block.length(count);
      transfer.read(values, from, count, block.values());
      transfer.read(gradients, from, count, block.gradients());
      clipping.apply(block.gradients(), count);
      for (int i = 0; i < slots.size(); i++) {
        transfer.read(slots.get(i), from, count, block.slot(i));
      }
      Objects.requireNonNull(update).apply(block);
      transfer.write(block.values(), values, from, count);
      for (int i = 0; i < slots.size(); i++) {
        transfer.write(block.slot(i), slots.get(i), from, count);
      }
      if (state.hasMaster()) {
        transfer.write(block.values(), Transfer.Memory.of(state.parameter), from, count);
      }
    }

    void updateWhole(Clipping clipping) {
      try (TensorScope scope = TensorScope.open()) {
        Gradients.disabled(() -> {
          Tensor clipped = gradient.to(state.master.dtype()).mul(clipping.factor());
          if (clipping.limit() < Double.POSITIVE_INFINITY) {
            clipped = clipped.clamp(-clipping.limit(), clipping.limit());
          }
          TensorRule rule = (TensorRule) state.group.rule();
          rule.apply(state.master, clipped, new Slots(state.slots()), Objects.requireNonNull(step));
          return state.hasMaster() ? state.parameter.assign(state.master) : state.master;
        });
      }
    }
  }

  /**
   * Everything that a later run needs to go on as this one would: by parameter of its share, {@code
   * NAME.step} and {@code NAME.SLOT}, and {@code NAME.master} of parameters in half precision.
   *
   * @return the state itself, not copies; it changes with the next step and is freed by {@link
   *     #close}; counters belong to the current scope
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    saved.put(STEPS, Tensor.of(new long[] {steps}));
    states.values().forEach(state -> saved.putAll(state.saved()));
    return saved;
  }

  /**
   * Puts a {@link #state} back.
   *
   * @throws IllegalArgumentException if it is not that of these parameters and rules, naming what
   *     is missing and what is left over; nothing is changed then
   */
  public void restore(WeightSource saved) {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> wanted = state();
      SavedState.requireSame("optimiser", wanted, saved);
      steps = saved.read(STEPS).itemLong();
      states.values().forEach(state -> state.restore(saved));
    }
  }

  /** Frees the state; the parameters stay. */
  @Override
  public void close() {
    states.values().forEach(ParameterState::close);
  }
}
