package dev.heed.explorer;

import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.web.Exchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What mixers cost on this machine, length by length. */
final class MechanismCost {
  private static final int SIZE = 64;
  private static final int HEADS = 4;
  private static final int[] LENGTHS = {128, 256, 512, 1024, 2048};
  private static final int ROUNDS = 3;

  /** A mechanism that took longer is not measured at longer lengths. */
  private static final double MOST_SECONDS = 2;

  /** Two measurements at a time would slow each other down. */
  private static final ReentrantLock ALONE = new ReentrantLock();

  private static final long TURN_MILLIS = 100;

  private record Cost(String name, String growth, List<Double> seconds) {}

  private record Costs(int size, int heads, int rounds, int[] lengths, List<Cost> costs) {}

  private MechanismCost() {}

  static void answer(Exchange exchange) throws IOException {
    RequestFields fields = RequestFields.of(exchange.json(), Set.of("names", "causal"));
    boolean causal = fields.flag("causal");
    List<MixerEntry> entries = MechanismPages.entries(fields.json());
    ToldProgress.answer(exchange, told -> alone(told, () -> measured(told, entries, causal)));
  }

  /** Waits for its turn. */
  static Object alone(ToldProgress told, Supplier<Object> work) {
    try {
      while (!ALONE.tryLock(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
        told.at(0, 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
    try {
      return work.get();
    } finally {
      ALONE.unlock();
    }
  }

  private static Object measured(ToldProgress told, List<MixerEntry> entries, boolean causal) {
    List<Cost> costs =
        entries.stream()
            .map(entry -> new Cost(entry.name(), entry.growth().formula(), new ArrayList<>()))
            .toList();
    for (int i = 0; i < LENGTHS.length; i++) {
      MixerShape shape = MixerShape.of(SIZE, HEADS, LENGTHS[i]).withCausal(causal);
      List<BuiltMixer> mixers = new ArrayList<>();
      List<Cost> measured = new ArrayList<>();
      for (int e = 0; e < entries.size(); e++) {
        List<Double> before = costs.get(e).seconds();
        if (before.isEmpty() || before.getLast() <= MOST_SECONDS) {
          MixerEntry entry = entries.get(e);
          mixers.add(BuiltMixer.drawn(entry, MechanismPages.allowed(entry, shape), DType.F32));
          measured.add(costs.get(e));
        }
      }
      try (TensorScope scope = TensorScope.inference();
          Generator random = new Generator(2)) {
        Tensor x = Tensor.randn(random, 1, LENGTHS[i], SIZE);
        int done = i;
        double[] medians =
            Stopwatch.medians(
                mixers.stream()
                    .map(mixer ->
                        (Runnable)
                            () -> {
                              try (TensorScope one = TensorScope.inference()) {
                                mixer.apply(x);
                              }
                            })
                    .toList(),
                ROUNDS,
                round -> told.at(done * (ROUNDS + 1) + round, LENGTHS.length * (ROUNDS + 1)));
        for (int m = 0; m < medians.length; m++) {
          measured.get(m).seconds().add(medians[m]);
        }
      } finally {
        mixers.forEach(BuiltMixer::close);
      }
    }
    return new Costs(SIZE, HEADS, ROUNDS, LENGTHS, costs);
  }
}
