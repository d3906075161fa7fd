package dev.heed.server;

import dev.heed.web.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models that are served. One that is taken out or replaced leaves when the last request that
 * uses it has ended; who asks meanwhile gets its successor, or learns that it is gone.
 */
final class ModelShelf implements AutoCloseable {
  private final Map<String, Slot> slots = new LinkedHashMap<>();

  private static final class Slot {
    private final ServedModel model;
    private int leases;
    private boolean leaving;

    Slot(ServedModel model) {
      this.model = model;
    }
  }

  /** A model that stays as long as this is not closed. */
  static final class Lease implements AutoCloseable {
    private final ModelShelf shelf;
    private final Slot slot;

    private Lease(ModelShelf shelf, Slot slot) {
      this.shelf = shelf;
      this.slot = slot;
    }

    ServedModel model() {
      return slot.model;
    }

    @Override
    public void close() {
      shelf.release(slot);
    }
  }

  /**
   * Takes a model for a request.
   *
   * @throws Problem 404 if there is none of this name
   */
  Lease lease(String name) {
    synchronized (slots) {
      Slot slot = slots.get(name);
      if (slot == null) {
        throw new Problem(
            404,
            "model_not_found",
            "model: expected one of " + slots.keySet() + ", got another name");
      }
      slot.leases++;
      return new Lease(this, slot);
    }
  }

  private void release(Slot slot) {
    boolean last;
    synchronized (slots) {
      slot.leases--;
      last = slot.leaving && slot.leases == 0;
    }
    if (last) {
      slot.model.close();
    }
  }

  /** Serves a model, in place of one of the same name. */
  void put(ServedModel model) {
    Slot before;
    synchronized (slots) {
      before = slots.put(model.name(), new Slot(model));
    }
    leave(before);
  }

  /** Takes a model out; false if there was none. */
  boolean remove(String name) {
    Slot before;
    synchronized (slots) {
      before = slots.remove(name);
    }
    leave(before);
    return before != null;
  }

  private void leave(@Nullable Slot before) {
    if (before == null) {
      return;
    }
    boolean idle;
    synchronized (slots) {
      before.leaving = true;
      idle = before.leases == 0;
    }
    if (idle) {
      before.model.close();
    }
  }

  /** All that are served now. */
  List<ServedModel> all() {
    synchronized (slots) {
      return slots.values().stream().map(slot -> slot.model).toList();
    }
  }

  @Override
  public void close() {
    for (ServedModel model : all()) {
      remove(model.name());
    }
  }
}
